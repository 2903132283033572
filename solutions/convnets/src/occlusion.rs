//! Where a network looks: hide a patch and see what it still knows.
