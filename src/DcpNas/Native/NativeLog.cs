using System.Runtime.InteropServices;

namespace DcpNas.Native;

/// <summary>What libtorch itself writes to stderr: errors only, unless the user asks for more with <c>TORCH_CPP_LOG_LEVEL</c>.</summary>
/// <remarks>Its warnings speak of parts that this program does not depend on ("Could not initialize NNPACK!") and would break the display.</remarks>
internal static class NativeLog
{
    /// <summary>The variable by which libtorch chooses: INFO, WARNING, ERROR or FATAL.</summary>
    public const string LevelVariable = "TORCH_CPP_LOG_LEVEL";

    // void c10::initLogging(): reads the variable. Python's torch calls it; a C++ program has to.
    private const string ReadLevel = "_ZN3c1011initLoggingEv";

    /// <summary>Sets the level; does nothing where this libtorch has no such function.</summary>
    /// <param name="libc10">The loaded libc10.so.</param>
    public static unsafe void Quiet(IntPtr libc10)
    {
        if (!NativeLibrary.TryGetExport(libc10, ReadLevel, out var address))
        {
            return;
        }

        if (NativeEnvironment.Get(LevelVariable) is null)
        {
            NativeEnvironment.Set(LevelVariable, "ERROR");
        }

        ((delegate* unmanaged<void>)address)();
    }
}
