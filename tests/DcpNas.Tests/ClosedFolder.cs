using System.Runtime.InteropServices;

namespace DcpNas.Tests;

/// <summary>A folder that the thread of a test may not list: also for root, whose right to pass over the modes of files is laid down until the end.</summary>
internal sealed partial class ClosedFolder : IDisposable
{
    private const uint Version = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
    private const uint PassOverModes = (1 << 1) | (1 << 2); // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    private readonly string _path;
    private readonly UnixFileMode _mode;
    private readonly uint[] _rights = new uint[6]; // effective, permitted, inheritable; twice 32 of them

    /// <summary>Closes it.</summary>
    /// <param name="path">The folder; it is created where it is not there.</param>
    public ClosedFolder(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Rights are laid down as Linux does it.");
        Directory.CreateDirectory(path);
        (_path, _mode) = (path, Mode(path));
        SetMode(path, UnixFileMode.None);
        Assert.Equal(0, Get(Head(), _rights));
        Assert.Equal(0, Set(Head(), [_rights[0] & ~PassOverModes, .. _rights[1..]]));
        Assert.Throws<UnauthorizedAccessException>(() => Directory.GetFiles(path));
    }

    /// <summary>Opens it again.</summary>
    public void Dispose()
    {
        Assert.Equal(0, Set(Head(), _rights));
        SetMode(_path, _mode);
    }

    private static uint[] Head() => [Version, 0]; // 0: this thread

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    [LibraryImport("libc", EntryPoint = "capget")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Get(uint[] head, [Out] uint[] rights);

    [LibraryImport("libc", EntryPoint = "capset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(uint[] head, uint[] rights);
}
