using System.Runtime.InteropServices;

namespace DcpNas.Native;

/// <summary>The environment of libc, which native libraries read; .NET keeps a copy of its own, so that <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not reach them.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>The first of the variables that is set and not empty, or null: with it the user has made the choice.</summary>
    public static (string Name, string Value)? ChosenByUser(IReadOnlyList<string> names) =>
        names.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).FirstOrDefault(pair => !string.IsNullOrEmpty(pair.Value)) is { Value: { } value } found
            ? (found.Name, value)
            : null;

    /// <summary>Sets a variable for the libraries that are loaded after this.</summary>
    public static void Set(string name, string value) => _ = SetVariable(name, value, 1);

    /// <summary>The value that native libraries see; null where it is not set.</summary>
    public static string? Get(string name) => Marshal.PtrToStringUTF8(GetVariable(name));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetVariable(string name);
}
