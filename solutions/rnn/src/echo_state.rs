//! Echo state networks: a recurrent network that is hardly trained at all.
