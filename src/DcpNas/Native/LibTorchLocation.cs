using System.Reflection;

namespace DcpNas.Native;

/// <summary>Where libtorch lies, and who said so.</summary>
/// <param name="Folder">The folder that holds libtorch_cpu.so.</param>
/// <param name="Origin">For people: "DCPNAS_LIBTORCH", "NuGet package folder of the build".</param>
/// <param name="IsPinnedPackage">Whether it is the package that TorchSharp was built for, which needs no check of its symbols.</param>
internal sealed record LibTorchLocation(string Folder, string Origin, bool IsPinnedPackage)
{
    private const string Library = "libtorch_cpu.so";
    private const string FromPython = "python3 -c \"import torch, os; print(os.path.join(os.path.dirname(torch.__file__), 'lib'))\"";

    private static readonly Dictionary<string, string> Metadata =
        typeof(LibTorchLocation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(entry => entry.Key, entry => entry.Value ?? "");

    /// <summary>The version of the pinned package, "2.10.0".</summary>
    public static string PinnedVersion => Package.Split('/')[1];

    private static string Package => Metadata["LibTorchPackage"];

    /// <summary>The folder to load from.</summary>
    /// <param name="chosen">The caller's folder, or null.</param>
    /// <exception cref="InputException">There is none.</exception>
    public static LibTorchLocation Find(string? chosen)
    {
        if (!string.IsNullOrEmpty(chosen))
        {
            return Named(chosen, "the folder of the options");
        }

        var named = Environment.GetEnvironmentVariable(LibTorch.FolderVariable);
        return !string.IsNullOrEmpty(named)
            ? Named(named, LibTorch.FolderVariable)
            : InPackages(
            [
                (Metadata["NuGetRoot"], "NuGet package folder of the build"),
                (Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "", "NUGET_PACKAGES"),
                (Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"), "NuGet package folder of the user"),
            ]);
    }

    /// <summary>The first package folder that holds the pinned libtorch.</summary>
    /// <param name="roots">Package folders with their origin; empty names are passed over.</param>
    /// <exception cref="InputException">None does.</exception>
    internal static LibTorchLocation InPackages(IReadOnlyList<(string Root, string Origin)> roots)
    {
        var tried = new List<string>();
        foreach (var (root, origin) in roots)
        {
            if (root.Length == 0)
            {
                continue;
            }

            var folder = Path.GetFullPath(Path.Combine(root, Package));
            if (File.Exists(Path.Combine(folder, Library)))
            {
                return new LibTorchLocation(folder, origin, IsPinnedPackage: true);
            }

            if (!tried.Exists(line => line.Contains($" {folder} ", StringComparison.Ordinal)))
            {
                tried.Add($"  - {folder} ({origin}): {(Directory.Exists(folder) ? $"no {Library} inside" : "no such folder")}");
            }
        }

        var id = Package.Split('/')[0];
        throw new InputException(
            $"libtorch {PinnedVersion} was not found. Looked in:\n{string.Join('\n', tried)}\n"
            + "Do one of these:\n"
            + "  - in a checkout of this repository: dotnet restore\n"
            + $"  - elsewhere: dotnet new classlib -o libtorch-fetch && dotnet add libtorch-fetch package {id} --version {PinnedVersion}\n"
            + $"  - with a Python torch: export {LibTorch.FolderVariable}=$({FromPython})");
    }

    private static LibTorchLocation Named(string folder, string origin)
    {
        // Both a Python torch and an unpacked libtorch archive keep the libraries in "lib"; naming either folder is fine.
        var found = new[] { folder, Path.Combine(folder, "lib") }.FirstOrDefault(path => File.Exists(Path.Combine(path, Library)));
        return found is not null
            ? new LibTorchLocation(Path.GetFullPath(found), origin, IsPinnedPackage: false)
            : throw new InputException(
                $"{folder}: at {origin}, expected a folder with {Library} but found {(Directory.Exists(folder) ? "a folder without it" : "no such folder")}. "
                + $"Set {LibTorch.FolderVariable} to the folder of libtorch's libraries (with a Python torch: {FromPython}), or unset it to use the NuGet package.");
    }
}
