//! The memory allocator. dfdx takes fresh zeroed memory for every operation, and the system's allocator returns large
//! blocks to the kernel each time, whose page faults then cost more than the arithmetic.
//!
//! With the feature `fast-alloc` every program that links this crate allocates with mimalloc. Without it, glibc can be
//! told to keep its memory: run the program with `MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=4294967296
//! MALLOC_TOP_PAD_=67108864` in its environment.

#[cfg(feature = "fast-alloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
