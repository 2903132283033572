//! Cases for the means that a recommender with biases begins with: by their formulas.

use rand::Rng;

use super::Columns;
use crate::{Args, Budget, Suite, Tensor, otherwise};

/// Means of users and items, damped.
pub fn means(t: &mut Suite) {
    for round in 0..64 {
        t.decisive(|t| {
            let [users, items, n] = [6, 6, 20].map(|most| t.rng.gen_range(2..=most));
            let damping = [0.0, 0.5, 5.0, 25.0][round % 4];
            let columns = Columns::random(t, [users, items], n);
            mean_of(t, &format!("means of {n} ratings, damping {damping}"), &columns, damping);
        });
    }
    let lonely = Columns::new([3, 4], vec![1, 1], vec![2, 2], vec![5.0, 4.0]);
    mean_of(t, "users and items without ratings have bias 0", &lonely, 0.0);
    let one = Columns::new([1, 1], vec![0], vec![0], vec![2.5]);
    mean_of(t, "a single rating is the mean", &one, 1.0);
}

fn mean_of(t: &mut Suite, about: &str, columns: &Columns, damping: f64) {
    let mean = columns.values.iter().sum::<f64>() / columns.values.len() as f64;
    let off = otherwise("the mean were not taken off the ratings", mean, 0.0);
    let sign = otherwise("biases had the other sign", 1.0, -1.0);
    let damped = |left: &[f64], groups: &[usize], n: usize| -> Vec<f64> {
        let group = |g: usize| (0..left.len()).filter(move |&k| groups[k] == g);
        (0..n)
            .map(|g| match group(g).count() {
                0 => 0.0,
                count => {
                    let damped = count as f64 + damping;
                    let damped = otherwise("`damping` were ignored", damped, count as f64);
                    let damped = otherwise(
                        "`damping` were taken off the number of ratings",
                        damped,
                        count as f64 - damping,
                    );
                    let damped = otherwise("sums were not divided at all", damped, 1.0);
                    let damped =
                        otherwise("`damping` stood in place of the number of ratings", damped, damping);
                    let whole = otherwise("`damping` were added to the sum as well", 0.0, damping);
                    (whole + group(g).map(|k| left[k]).sum::<f64>()) / damped
                }
            })
            .collect()
    };
    let left: Vec<f64> = columns.values.iter().map(|r| sign * (r - off)).collect();
    let items = damped(&left, &columns.items, columns.sizes[1]);
    let left: Vec<f64> = left.iter().zip(&columns.items).map(|(left, &i)| left - items[i]).collect();
    let users = damped(&left, &columns.users, columns.sizes[0]);
    let budget = Budget::sum(columns.values.len()).scale(5.0);
    // What is left of ratings is off by a rounding of them; damping makes their sum as small as it makes the bias.
    let most = |groups: &[usize]| groups.iter().map(|g| groups.iter().filter(|h| *h == g).count()).max();
    let damped = |groups: &[usize]| {
        let count = most(groups).unwrap_or_default() as f64;
        budget.scale(5.0 * count / (count + damping))
    };
    let tensor = |values: Vec<f64>| Tensor::from_shape_vec(vec![values.len()], values).unwrap_or_default();
    t.call(about, columns.args(Args::new().function("Means::of"), "train_").number("damping", damping))
        .close("mean", &Tensor::from_elem(vec![], mean), budget)
        .close("item_bias", &tensor(items), damped(&columns.items))
        .close("user_bias", &tensor(users), damped(&columns.users));
}
