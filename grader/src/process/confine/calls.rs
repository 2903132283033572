//! System calls that a confined process is refused: whatever reaches another process, the network or the kernel's tables, and whatever
//! stays behind when it is gone.

use std::{collections::BTreeMap, io};

use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Is, SeccompCondition,
    SeccompFilter, SeccompRule,
};

/// Refused whatever the arguments are.
const ALWAYS: &[i64] = &[
    // the network
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    // other processes
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_tkill,
    // what outlives it
    libc::SYS_shmget,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_mq_open,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // the system
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_setrlimit,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
];

/// Refuses them to this process and all that it becomes.
pub fn refuse(starts_processes: bool) -> io::Result<()> {
    let own = u64::from(std::process::id());
    let mut refused: BTreeMap<i64, Vec<SeccompRule>> =
        ALWAYS.iter().map(|&call| (call, Vec::new())).collect();
    // To ask for a limit is no harm, to set one is.
    refused.insert(libc::SYS_prlimit64, vec![when(2, Is::Ne, 0)?]);
    if !starts_processes {
        // A thread is no process; its signals stay in its own.
        let threads = u64::from(libc::CLONE_THREAD.unsigned_abs());
        refused.insert(libc::SYS_clone, vec![when(0, Is::MaskedEq(threads), 0)?]);
        refused.insert(libc::SYS_kill, vec![when(0, Is::Ne, own)?]);
        refused.insert(libc::SYS_tgkill, vec![when(0, Is::Ne, own)?]);
        #[cfg(target_arch = "x86_64")]
        refused.extend([(libc::SYS_fork, Vec::new()), (libc::SYS_vfork, Vec::new())]);
    }
    install(refused, libc::EPERM)?;
    if starts_processes {
        return Ok(());
    }
    // The flags of `clone3` lie where no filter can look; who hears that there is none takes `clone`.
    install(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)
}

fn when(argument: u8, is: Is, value: u64) -> io::Result<SeccompRule> {
    let condition = SeccompCondition::new(argument, Length::Qword, is, value)
        .map_err(|error| io::Error::other(error.to_string()))?;
    SeccompRule::new(vec![condition]).map_err(|error| io::Error::other(error.to_string()))
}

fn install(refused: BTreeMap<i64, Vec<SeccompRule>>, error: i32) -> io::Result<()> {
    let architecture = std::env::consts::ARCH
        .try_into()
        .map_err(|_| io::Error::other("seccomp does not know this processor"))?;
    let action = SeccompAction::Errno(error.unsigned_abs());
    let program: Result<BpfProgram, _> =
        SeccompFilter::new(refused, SeccompAction::Allow, action, architecture).and_then(TryInto::try_into);
    let program = program.map_err(|error| io::Error::other(error.to_string()))?;
    seccompiler::apply_filter(&program).map_err(|error| io::Error::other(error.to_string()))
}
