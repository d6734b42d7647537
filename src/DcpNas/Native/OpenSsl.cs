using System.Runtime.InteropServices;

namespace DcpNas.Native;

/// <summary>OpenSSL, which .NET computes SHA-256 with on Linux: where it is missing, the first digest would end the process.</summary>
public static class OpenSsl
{
    /// <summary>Names another version to .NET.</summary>
    private const string VersionVariable = "CLR_OPENSSL_VERSION_OVERRIDE";
    private const string Advice = "Install it (Debian: apt install libssl3; Alpine: apk add libssl3): files of models and data are checked with it.";

    // Those that .NET looks for, newest first.
    private static readonly string[] Libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];
    private static readonly Lazy<string?> Loaded = new(Load);

    /// <summary>The library that is used, or null where there is none; on other systems than Linux none is needed.</summary>
    public static string? Library => Loaded.Value;

    /// <summary>Says so before .NET ends the process.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static void ThrowIfMissing()
    {
        if (Library is null)
        {
            throw new InputException($"OpenSSL ({Libraries[0]}) is not installed, or cannot be loaded. {Advice}");
        }
    }

    /// <summary>What <c>doctor</c> says about it.</summary>
    /// <param name="library">The library, or null.</param>
    internal static Finding Describe(string? library) => library is not null
        ? new Finding("openssl", library)
        : new Finding("openssl", $"none: {string.Join(", ", Libraries)} cannot be loaded", FindingStatus.Problem, Advice);

    private static string? Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "not needed";
        }

        string[] names = Environment.GetEnvironmentVariable(VersionVariable) is { Length: > 0 } version ? [$"libssl.so.{version}", .. Libraries] : Libraries;
        return Array.Find(names, name => NativeLibrary.TryLoad(name, out _));
    }
}
