//! System calls that a confined process is refused: whatever reaches another process, the network or the kernel's tables, whatever
//! stays behind when it is gone, and what changes files that it may only read, which landlock does not look at.

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
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_mount_setattr,
    libc::SYS_fsopen,
    libc::SYS_fspick,
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

/// Refused to students' programs, and needed by linkers.
const TO_STUDENTS: &[i64] = &[
    // rights, owners and times of files
    libc::SYS_fchmodat,
    libc::SYS_fchmodat2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    // the same by older names
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lchown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utime,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utimes,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_futimesat,
    // how much of the machine others get
    libc::SYS_setpriority,
    libc::SYS_ioprio_set,
    // memory that no limit counts
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
];

/// Its own threads are 0, others have numbers.
const OF_OTHERS: [i64; 4] = [
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_setattr,
    libc::SYS_sched_setparam,
    libc::SYS_sched_setscheduler,
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
        refused.extend(TO_STUDENTS.iter().map(|&call| (call, Vec::new())));
        for call in OF_OTHERS {
            refused.insert(call, vec![when(0, Is::Ne, 0)?]);
        }
        let shared = u64::from((libc::MAP_SHARED | libc::MAP_ANONYMOUS).unsigned_abs());
        refused.insert(libc::SYS_mmap, vec![when(3, Is::MaskedEq(shared), shared)?]);
        #[cfg(target_arch = "x86_64")]
        refused.extend([(libc::SYS_fork, Vec::new()), (libc::SYS_vfork, Vec::new())]);
    }
    install(refused, libc::EPERM)?;
    if starts_processes {
        return Ok(());
    }
    // The flags of `clone3` lie where no filter can look; who hears that there is none takes `clone`.
    install(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)?;
    // A copied file asks for the rights of the first: it hears that all is well, and nothing is done.
    install(BTreeMap::from([(libc::SYS_fchmod, Vec::new())]), 0)
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
