//! The device that student code runs on: the same code is built once for each. Nothing else in this package names one.

/// The device that student code runs on.
#[cfg(not(feature = "cuda"))]
pub type Dev = dfdx::prelude::Cpu;
/// The device that student code runs on.
#[cfg(feature = "cuda")]
pub type Dev = dfdx::prelude::Cuda;

/// Its name on the grader's command line.
#[cfg(not(feature = "cuda"))]
pub const NAME: &str = "cpu";
/// Its name on the grader's command line.
#[cfg(feature = "cuda")]
pub const NAME: &str = "cuda";

/// There is always a processor.
#[cfg(not(feature = "cuda"))]
pub fn find() -> Result<Dev, String> {
    Ok(Dev::default())
}

/// The driver's first device, or in its words why there is none. Every call makes a device of its own, since a CUDA stream
/// can't change threads; while this one is held, they share the driver's context, which takes long to make.
#[cfg(feature = "cuda")]
pub fn find() -> Result<Dev, String> {
    use std::panic;

    // Where there is no driver, cudarc panics.
    panic::set_hook(Box::new(|_| ()));
    let found = panic::catch_unwind(|| Dev::try_build(0, 0));
    _ = panic::take_hook();
    let reason = match found {
        Ok(Ok(device)) => return Ok(device),
        Ok(Err(error)) => format!("{error:?}"),
        Err(payload) => payload.downcast_ref::<String>().cloned().unwrap_or_default(),
    };
    let reason = reason.rsplit("`Err` value: ").next().unwrap_or_default();
    Err(format!("no CUDA device: {reason}"))
}
