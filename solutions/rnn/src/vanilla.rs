//! The recurrent cell and what unrolling it through time means.
