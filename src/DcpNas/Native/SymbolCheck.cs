using TorchSharp;

namespace DcpNas.Native;

/// <summary>Whether a libtorch other than the pinned one offers what libLibTorchSharp.so calls.</summary>
/// <remarks>
/// Checks names only: a class whose layout changed under the same name is not noticed. A data symbol or vtable that is missing makes the loader
/// refuse the library; a function that is missing ends the process at its first call, so it is a warning.
/// </remarks>
internal static class SymbolCheck
{
    /// <summary>The functions that are missing.</summary>
    /// <exception cref="InputException">Symbols are missing without which the library cannot be loaded.</exception>
    public static IReadOnlyList<string> Run(LibTorchLocation location) => Run(location, TorchSharpLibrary());

    /// <inheritdoc cref="Run(LibTorchLocation)"/>
    /// <param name="location">The libtorch.</param>
    /// <param name="library">Path of libLibTorchSharp.so.</param>
    internal static IReadOnlyList<string> Run(LibTorchLocation location, string library)
    {
        var needs = ElfLibrary.Open(library).Needs;
        var missing = needs.Select(need => need.Name).ToHashSet();
        foreach (var path in Directory.EnumerateFiles(location.Folder, "lib*.so").Where(IsLinkedAgainst))
        {
            ElfLibrary.Open(path).RemoveOffered(missing);
        }

        var fatal = needs.Where(need => need.AtLoad && missing.Contains(need.Name)).Select(need => need.Name).ToList();
        return fatal.Count == 0
            ? [.. needs.Where(need => missing.Contains(need.Name)).Select(need => need.Name)]
            : throw new InputException(
                $"{location.Folder}: at {location.Origin}, expected libtorch {LibTorchLocation.PinnedVersion} but found one without {fatal.Count} of the symbols that "
                + $"{Path.GetFileName(library)} needs to be loaded: {string.Join(", ", fatal.Take(5))}{(fatal.Count > 5 ? ", ..." : "")}. "
                + $"Use libtorch {LibTorchLocation.PinnedVersion}, or unset {LibTorch.FolderVariable} to use the NuGet package.");
    }

    /// <summary>The libLibTorchSharp.so that belongs to this program.</summary>
    internal static string TorchSharpLibrary()
    {
        const string name = "libLibTorchSharp.so";
        var folders = ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "").Split(Path.PathSeparator)
            .Append(AppContext.BaseDirectory)
            .Append(Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? "");
        return folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InputException($"{name} was not found in {AppContext.BaseDirectory}. Build or install the program again.");
    }

    private static bool IsLinkedAgainst(string path)
    {
        var name = Path.GetFileName(path);
        return name is "libc10.so" or "libc10_cuda.so" or "libtorch.so" or "libtorch_cpu.so" or "libtorch_cuda.so";
    }
}
