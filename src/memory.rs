//! What the allocator does with freed memory. glibc keeps it in the arenas of many threads, so that a server that once was
//! busy stays large. Other C libraries need no help.

pub use imp::{configure, release, watch};

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
mod imp {
    use std::time::Duration;

    /// Blocks of this size get pages of their own, which go back to the system when they are freed. Otherwise glibc raises
    /// the limit to 32 MiB with the first large block that is freed.
    const OWN_PAGES: libc::c_int = 1024 * 1024;
    /// Free memory at the end of an arena above which it is returned.
    const TRIM: libc::c_int = 2 * 1024 * 1024;

    /// Heaps that all threads share. Each keeps memory that the others cannot use, so there are as few as processors need.
    const HEAPS: std::ops::RangeInclusive<usize> = 2..=4;
    /// When the start of the server is over, which needs more memory than what follows.
    const START: Duration = Duration::from_millis(300);
    /// How often [`watch`] looks at the size of the process.
    const INTERVAL: Duration = Duration::from_secs(3);
    /// Growth in bytes since memory was last returned, after which it is returned again.
    const GROWTH: u64 = 8 * 1024 * 1024;

    /// Sets the limits of the allocator. Called once, before threads are started.
    pub fn configure() {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let heaps = processors.clamp(*HEAPS.start(), *HEAPS.end()) as libc::c_int;
        // SAFETY: mallopt only sets parameters of the allocator, and the values are in range.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_PAGES);
            libc::mallopt(libc::M_TRIM_THRESHOLD, TRIM);
            libc::mallopt(libc::M_ARENA_MAX, heaps);
        }
    }

    /// Returns free memory of all threads to the system. It takes a few milliseconds.
    pub fn release() {
        // SAFETY: malloc_trim has no preconditions and locks each arena.
        unsafe {
            libc::malloc_trim(0);
        }
    }

    /// Starts a thread that returns freed memory after the start and whenever the process has grown. The server works without
    /// it.
    pub fn watch() {
        let watch = || {
            std::thread::sleep(START);
            release();
            let mut least = u64::MAX;
            loop {
                std::thread::sleep(INTERVAL);
                let Some(size) = resident() else { return };
                if size > least.saturating_add(GROWTH) {
                    release();
                    least = resident().unwrap_or(size);
                } else {
                    least = least.min(size);
                }
            }
        };
        if let Err(e) = std::thread::Builder::new().name("memory".into()).spawn(watch) {
            tracing::warn!(error = %e, "freed memory is not returned to the system: no thread could be started");
        }
    }

    /// Bytes of the process in memory.
    fn resident() -> Option<u64> {
        let pages: u64 = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
        // SAFETY: sysconf only reads a constant of the system.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        Some(pages * u64::try_from(page).ok()?)
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod imp {
    /// Sets the limits of the allocator. Called once, before threads are started.
    pub fn configure() {}

    /// Returns free memory of all threads to the system.
    pub fn release() {}

    /// Starts a thread that returns freed memory whenever the process has grown.
    pub fn watch() {}
}
