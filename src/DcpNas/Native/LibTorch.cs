using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace DcpNas.Native;

/// <summary>Finds and loads libtorch before TorchSharp looks for it.</summary>
/// <remarks>
/// libtorch (480 MB) is never copied beside an assembly: it is loaded from the folder that <c>DCPNAS_LIBTORCH</c> names, else from the NuGet
/// package folder. The libraries are opened by full path, so that the loader then satisfies TorchSharp's own needs by their names.
/// </remarks>
public static class LibTorch
{
    private static readonly Lock Gate = new();
    private static bool _loaded;

    /// <summary>Loads libtorch once per process. Every entry point calls it before it touches a tensor.</summary>
    public static void Load()
    {
        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            var folder = FindFolder();
            foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            {
                NativeLibrary.Load(Path.Combine(folder, name));
            }

            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            {
                var path = Path.Combine(folder, $"lib{name}.so");
                return File.Exists(path) ? NativeLibrary.Load(path) : IntPtr.Zero;
            };
            _loaded = true;
        }
    }

    private static string FindFolder()
    {
        var named = Environment.GetEnvironmentVariable("DCPNAS_LIBTORCH");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        var metadata = typeof(LibTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(m => m.Key, m => m.Value ?? "");
        return Path.Combine(metadata["NuGetRoot"], metadata["LibTorchPackage"]);
    }
}
