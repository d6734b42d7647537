using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace DcpNas.Native;

/// <summary>Finds and loads libtorch before TorchSharp looks for it.</summary>
/// <remarks>
/// libtorch (480 MB) is never copied beside an assembly: it is loaded from the folder that <c>DCPNAS_LIBTORCH</c> names, else from the NuGet
/// package folder (docs/adr/0004). The libraries are opened by full path, so that the loader then satisfies TorchSharp's own needs by their
/// names.
/// </remarks>
public static class LibTorch
{
    /// <summary>The environment variable that names the folder of libtorch_cpu.so, for example the <c>lib</c> of a Python torch.</summary>
    public const string FolderVariable = "DCPNAS_LIBTORCH";

    // In the order of their needs; the loader would resolve most by itself, but a missing one is then reported under its own name.
    private static readonly string[] Libraries = ["libc10.so", "libc10_cuda.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"];
    private static readonly Lock Gate = new();
    private static LibTorchLocation? _location;

    /// <summary>Whether <see cref="Load"/> has succeeded in this process.</summary>
    public static bool IsLoaded => _location is not null;

    /// <summary>The folder libtorch was loaded from.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Load"/> was not called.</exception>
    public static string Folder => Location.Folder;

    /// <summary>Why that folder: the variable, or which NuGet package folder.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Load"/> was not called.</exception>
    public static string Origin => Location.Origin;

    /// <summary>Functions that TorchSharp would call but this libtorch lacks; a call of one ends the process. Empty for the pinned package.</summary>
    public static IReadOnlyList<string> MissingFunctions { get; private set; } = [];

    private static LibTorchLocation Location =>
        _location ?? throw new InvalidOperationException("LibTorch.Load must be called before libtorch is used.");

    /// <summary>Loads libtorch once per process and parks the finalizer thread. Every entry point calls it before it touches a tensor.</summary>
    /// <param name="options">Read by the first call only; null for the defaults.</param>
    /// <exception cref="InputException">No libtorch was found, or the one found cannot be loaded; the message says where it looked and what to do.</exception>
    public static void Load(LibTorchOptions? options = null)
    {
        lock (Gate)
        {
            if (_location is not null)
            {
                return;
            }

            options ??= new LibTorchOptions();
            if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            {
                throw new InputException(
                    $"Searching and training need linux-x64, this is {RuntimeInformation.RuntimeIdentifier}: TorchSharp is used in its linux-x64 build. "
                    + "Run this command on a 64-bit x86 Linux.");
            }

            var location = LibTorchLocation.Find(options.Folder);
            MissingFunctions = location.IsPinnedPackage ? [] : SymbolCheck.Run(location);
            OpenMp.Prepare(options);
            OneDnn.Prepare(options);
            LoadLibraries(location);
            _location = location;
            if (options.ParkFinalizer)
            {
                FinalizerGate.Park();
            }
        }
    }

    private static void LoadLibraries(LibTorchLocation location)
    {
        foreach (var path in Directory.EnumerateFiles(location.Folder, "libgomp*.so*"))
        {
            Open(path, location);
        }

        foreach (var name in Libraries)
        {
            var path = Path.Combine(location.Folder, name);
            var isOptional = name.Contains("cuda", StringComparison.Ordinal);
            if (!isOptional || File.Exists(path))
            {
                var library = Open(path, location);
                if (name == "libc10.so")
                {
                    NativeLog.Quiet(library);
                }
            }
        }

        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
        {
            var path = Path.Combine(location.Folder, $"lib{name}.so");
            return File.Exists(path) ? NativeLibrary.Load(path) : IntPtr.Zero;
        };

        try
        {
            // Now, because TorchSharp would hide the loader's reason behind "doesn't contain a reference to libtorch-cpu-linux-x64".
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw Refused("libLibTorchSharp.so", location, exception);
        }
    }

    private static IntPtr Open(string path, LibTorchLocation location)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw Refused(path, location, exception);
        }
    }

    private static InputException Refused(string library, LibTorchLocation location, Exception exception)
    {
        var remedy = exception.Message switch
        {
            var text when text.Contains("GLIBCXX", StringComparison.Ordinal) =>
                "This system's libstdc++ is older than the library needs. Build again with the Directory.Build.targets of this repository, which relaxes that "
                + "need, or install a newer libstdc++6.",
            var text when text.Contains("undefined symbol", StringComparison.Ordinal) =>
                $"This libtorch does not fit TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}. Use libtorch {LibTorchLocation.PinnedVersion}, or unset {FolderVariable}.",
            _ => $"Install what the loader misses, or set {FolderVariable} to another folder of libtorch {LibTorchLocation.PinnedVersion}.",
        };
        return new InputException($"{library}: the dynamic loader refused it. {remedy}\nlibtorch: {location.Folder} ({location.Origin})\nLoader: {exception.Message.Trim()}", exception);
    }
}
