//! Cases for `special_layers::item_analysis`: rankings by sorting, components of matrices that are made of known ones, and a
//! map of films.

use ndarray::{Array2, Axis, Ix2};
use protocol::Value;
use rand::Rng;

use super::recommender::{Columns, Plan, Planted};
use crate::{Args, Budget, Case, Rule, Statistic, Suite, Tensor, is_supposed, otherwise};
use datasets::movielens;

pub fn item_analysis(t: &mut Suite) {
    rankings(t);
    components(t);
    refusals(t);
    let (train, _) = Planted::All.ratings(t, [30, 40], 900);
    let titles: Vec<String> = (1..=40).map(|n| format!("film {n}")).collect();
    let plan = Plan::SMALL.args(&train, &train, 1);
    let args = trained(plan, &(0..40).collect::<Vec<_>>(), &titles, 1, 3);
    // Two factors are learnt, so there are no more components.
    let case = t.call("a recommender for 40 films", args.count("components", 2));
    map(case, &titles);
    // Ratings differ by half a star or more for their tastes, and so do the films; two components explain all of two factors.
    case.statistic("map", Statistic::Std, 0.05, 5.0).statistic("explained", Statistic::Mean, 0.499, 0.501);
}

/// The films of MovieLens with 100 ratings or more, named where there are 160.
pub fn full(t: &mut Suite) {
    let Some(lens) = t.load(movielens::full()) else { return };
    let Some((train, validation)) = Columns::movie_lens(t) else { return };
    let count = |item: usize| lens.ratings.items.iter().filter(|&&rated| rated == item).count();
    let titles: Vec<String> = lens.movies.iter().map(|movie| movie.title.clone()).collect();
    let known: Vec<(usize, usize)> =
        (0..titles.len()).map(|item| (item, count(item))).filter(|(_, count)| *count >= 100).collect();
    let shown: Vec<usize> = known.iter().map(|(item, _)| *item).collect();
    let label =
        |&(item, count): &(usize, usize)| if count >= 160 { titles[item].clone() } else { String::new() };
    let labels: Vec<String> = known.iter().map(label).collect();
    let plan = Plan { factors: 50, epochs: 20, batch_size: 64, learning_rate: 0.02, l2: 0.1 };
    let args = trained(plan.args(&train, &validation, 1), &shown, &titles, 40, 10);
    map(t.call("MovieLens: films that many have seen", args.count("components", 3)), &labels);
}

fn trained(args: Args, shown: &[usize], titles: &[String], least: usize, count: usize) -> Args {
    args.indexes("shown", shown)
        .value("titles", Value::Text(titles.join("\n")))
        .count("least", least)
        .count("count", count)
}

fn map(case: &mut Case, labels: &[String]) {
    case.check("map", Rule::Shape { shape: vec![labels.len(), 2] })
        .check("explained", Rule::Within { low: 0.0, high: 1.000_001 })
        .statistic("map", Statistic::Mean, -1e-3, 1e-3)
        .text("best", "best_titles")
        .text("worst", "worst_titles")
        .points("films by their first two principal components", "map", labels.to_vec());
}

fn rankings(t: &mut Suite) {
    for round in 0..64 {
        let n = t.rng.gen_range(1..=12);
        // Quarters from −1 to 1: many are equal.
        let bias: Vec<f64> = (0..n).map(|_| f64::from(t.rng.gen_range(-4..=4)) / 4.0).collect();
        let ratings: Vec<usize> = (0..n).map(|_| t.rng.gen_range(0..10)).collect();
        let (least, count) = ([0, 1, 5, 9][round % 4], t.rng.gen_range(0..=6));
        rank(
            t,
            &format!("the best and worst {count} of {n}, with {least} ratings at least"),
            &bias,
            &ratings,
            least,
            count,
        );
    }
    rank(t, "nobody has enough ratings", &[1.0, 2.0], &[3, 3], 4, 5);
    rank(t, "exactly as many ratings as asked for are enough", &[1.0, 2.0], &[4, 3], 4, 5);
}

fn rank(t: &mut Suite, about: &str, bias: &[f64], ratings: &[usize], least: usize, count: usize) {
    let known: Vec<usize> = (0..bias.len()).filter(|&i| ratings[i] >= least).collect();
    let sorted = |sign: f64| {
        let mut items = known.clone();
        let late = is_supposed("of equal biases the last came first");
        let ties = |i: usize, j: usize| if late { j.cmp(&i) } else { i.cmp(&j) };
        let by_size = is_supposed("the sizes of the biases counted, whatever their sign");
        let key = |i: usize| sign * if by_size { bias[i].abs() } else { bias[i] };
        items.sort_by(|&i, &j| key(i).total_cmp(&key(j)).then(ties(i, j)));
        items.truncate(count);
        Tensor::from_shape_fn(vec![items.len()], |k| items[k[0]] as f64)
    };
    let bias = Tensor::from_shape_fn(vec![bias.len()], |k| bias[k[0]]);
    let (best, worst) = (sorted(-1.0), sorted(1.0));
    let backwards = |items: &Tensor| {
        let mut items = items.clone();
        items.invert_axis(Axis(0));
        items
    };
    let (best, worst) =
        otherwise("best and worst were exchanged", (best.clone(), worst.clone()), (worst, best));
    let best = otherwise("the best of the chosen came last", best.clone(), backwards(&best));
    let worst = otherwise("the worst of the chosen came last", worst.clone(), backwards(&worst));
    let args = Args::new().function("extreme_items").constant("item_bias", bias);
    t.call(about, args.indexes("n_ratings", ratings).count("least", least).count("count", count))
        .close("best", &best, Budget::exact())
        .close("worst", &worst, Budget::exact());
}

fn analysed(items: Tensor, n: usize) -> Args {
    Args::new().function("principal_components").constant("items", items).count("n", n)
}

/// Matrices X = U · diag(s) · Vᵀ + mean with orthonormal U and V: the components are known beforehand.
fn components(t: &mut Suite) {
    for round in 0..64 {
        t.decisive(|t| {
            let (factors, more) = (t.rng.gen_range(1..=6), t.rng.gen_range(2..=8));
            let rows = factors + more;
            let n = t.rng.gen_range(1..=factors);
            let about = match round % 3 {
                0 => format!("{rows} items far from the origin"),
                _ => format!("{n} components of {rows} items with {factors} factors"),
            };
            // Far enough to be the first component of whoever forgets to centre.
            let far = if round % 3 == 0 { 8.0 } else { 1.0 };
            component(t, &about, [rows, factors, n], factors, far);
        });
    }
    component(t, "items on a plane: the third component explains nothing", [9, 4, 3], 2, 1.0);
    let alike = Tensor::from_elem(vec![5, 3], 2.5);
    t.call("items that are all alike: nothing to explain", analysed(alike, 2))
        .close("explained", &Tensor::zeros(vec![2]), Budget::exact())
        .close("scores", &Tensor::zeros(vec![5, 2]), Budget::exact().scale(1.0).times(1.0));
}

/// `rank` directions are not empty; their singular values differ by a third at least, so that directions are well defined.
fn component(t: &mut Suite, about: &str, [rows, factors, n]: [usize; 3], rank: usize, far: f64) {
    let (u, v) = (orthonormal(t, rows, rank, true), orthonormal(t, factors, rank, false));
    let s: Vec<f64> = (0..rank).map(|k| 8.0 / 1.5f64.powi(k as i32)).collect();
    let mean = t.normal(&[factors], far);
    let x = Tensor::from_shape_fn(vec![rows, factors], |at| {
        mean[[at[1]]] + (0..rank).map(|k| u[[at[0], k]] * s[k] * v[[at[1], k]]).sum::<f64>()
    });
    let total: f64 = s.iter().map(|s| s * s).sum();
    let known = n.min(rank);
    let value = |k: usize| if k < rank { s[k] } else { 0.0 };
    let sign = |k: usize| {
        let largest = v.column(k).iter().copied().fold(0.0f64, |l, x| if x.abs() > l.abs() { x } else { l });
        largest.signum()
    };
    // Items are rounded to f32: errors of ε times their size. Singular values are off by no more than the errors' norm (Weyl),
    // directions by that over the gap between singular values, or between their squares for who takes the eigenvectors of
    // XᵀX: 2 · 8 · error / (s² · (1 − 1/1.5²)) for the smallest s (Davis and Kahan).
    let (size, smallest) = (4.0 * far.max(1.0), value(known - 1));
    let budget = Budget::sum(rows).scale(2.0 * 8.0 * size / total);
    let blur = 8.0 * size * 2.0 * 8.0 / (smallest * smallest * 0.55);
    let turned = Budget { roundings: blur.max(64.0), ..Budget::sum(rows) };
    let sum: f64 = s.iter().sum();
    let of_squares = |k: usize| value(k).powi(2) / total;
    let explained = Tensor::from_shape_fn(vec![n], |k| {
        let share = otherwise("singular values were not squared", of_squares(k[0]), value(k[0]) / sum);
        let kept: f64 = (0..n).map(of_squares).sum();
        let summed_up = (0..=k[0]).map(of_squares).sum();
        let share = otherwise("each share were that of all components up to it", share, summed_up);
        let share = otherwise("variances stood in place of shares", share, share * total / (rows - 1) as f64);
        otherwise("shares were those among the `n` components", share, share / kept)
    });
    let case = t.call(about, analysed(x, n));
    case.close("explained", &explained, budget);
    if known == n {
        let length = |k: usize| otherwise("all components had the same spread", s[k], 1.0);
        let length = |k: usize| {
            otherwise("scores were multiplied by the singular values twice", length(k), s[k] * s[k])
        };
        let length = |k: usize| {
            otherwise(
                "scores were divided by the root of the items' number less one",
                length(k),
                s[k] / ((rows - 1) as f64).sqrt(),
            )
        };
        let sign = |k: usize| otherwise("each direction's largest element were negative", sign(k), -sign(k));
        let scores =
            Tensor::from_shape_fn(vec![rows, n], |at| sign(at[1]) * u[[at[0], at[1]]] * length(at[1]));
        let directions = Tensor::from_shape_fn(vec![factors, n], |at| sign(at[1]) * v[[at[0], at[1]]]);
        case.close("directions", &directions, turned.scale(1.0)).close("scores", &scores, turned.scale(8.0));
    }
}

/// `n` orthonormal columns, of mean 0 if `centred`, by Gram and Schmidt; the largest elements of a column are well apart.
fn orthonormal(t: &mut Suite, rows: usize, n: usize, centred: bool) -> Array2<f64> {
    loop {
        let drawn = t.normal(&[rows, n], 1.0).into_dimensionality::<Ix2>();
        let Ok(mut columns) = drawn else { continue };
        if centred {
            let mean = columns.mean_axis(Axis(0)).unwrap_or_default();
            columns -= &mean;
        }
        for k in 0..n {
            for earlier in 0..k {
                let along = columns.column(k).dot(&columns.column(earlier));
                let part = columns.column(earlier).mapv(|x| along * x);
                let mut column = columns.column_mut(k);
                column -= &part;
            }
            let length = columns.column(k).dot(&columns.column(k)).sqrt();
            columns.column_mut(k).mapv_inplace(|x| x / length);
        }
        if (0..n).all(|k| is_clear(columns.column(k).to_vec())) {
            return columns;
        }
    }
}

/// Whether the sign convention does not hang on a rounding.
fn is_clear(column: Vec<f64>) -> bool {
    let mut sizes: Vec<f64> = column.iter().map(|x| x.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.iter().all(|size| size.is_finite())
        && (sizes.len() < 2 || sizes[sizes.len() - 1] - sizes[sizes.len() - 2] > 0.02)
}

fn refusals(t: &mut Suite) {
    for (about, rows, factors, n, most) in
        [("more components than factors", 6, 3, 4, 3), ("more components than items", 2, 5, 3, 2)]
    {
        let args = analysed(t.normal(&[rows, factors], 1.0), n);
        t.call(about, args).refuses(&[&n.to_string(), &most.to_string()]);
    }
}
