//! What the allocator does with freed memory. glibc keeps it in the arenas of many threads, so that a server that once was
//! busy stays large. Other C libraries need no help.

pub use imp::{configure, release};

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
mod imp {
    /// Blocks of this size get pages of their own, which go back to the system when they are freed. Otherwise glibc raises
    /// the limit to 32 MiB with the first large block that is freed.
    const OWN_PAGES: libc::c_int = 1024 * 1024;
    /// Free memory at the end of an arena above which it is returned.
    const TRIM: libc::c_int = 2 * 1024 * 1024;

    /// Sets the limits of the allocator. Called once, before threads are started.
    pub fn configure() {
        // SAFETY: mallopt only sets parameters of the allocator, and the values are in range.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_PAGES);
            libc::mallopt(libc::M_TRIM_THRESHOLD, TRIM);
        }
    }

    /// Returns free memory of all threads to the system. It takes a few milliseconds.
    pub fn release() {
        // SAFETY: malloc_trim has no preconditions and locks each arena.
        unsafe {
            libc::malloc_trim(0);
        }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod imp {
    /// Sets the limits of the allocator. Called once, before threads are started.
    pub fn configure() {}

    /// Returns free memory of all threads to the system.
    pub fn release() {}
}
