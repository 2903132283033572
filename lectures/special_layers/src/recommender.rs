//! Capstone: which film will you like? Three recommenders.
