using System.Runtime.InteropServices;

namespace DcpNas.Stress;

/// <summary>The stack on which the system calls the handler of SIGSEGV: one for each thread of .NET.</summary>
internal static partial class AlternateStack
{
    // What the tiles of AMX add to the frame of a signal.
    private const int TileBytes = 8192;

    /// <summary>Takes as much from this thread's as a first tile instruction would.</summary>
    public static bool TakeTileBytes()
    {
        if (Query(nint.Zero, out var stack) != 0)
        {
            return false;
        }

        Console.WriteLine($"alternate stack of {stack.Size} bytes, its guard page included");
        var smaller = stack with { Size = stack.Size - TileBytes };
        return Change(in smaller, nint.Zero) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sigaltstack")]
    private static partial int Query(nint next, out Stack current);

    [LibraryImport("libc", EntryPoint = "sigaltstack")]
    private static partial int Change(in Stack next, nint current);

    private record struct Stack(nint Base, int Flags, nuint Size);
}
