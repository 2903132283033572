//! Capstone: what a recommender knows about its films.
