using System.Runtime.CompilerServices;
using DcpNas.Native;

// libtorch's global state (threads, random numbers, the parked finalizer) belongs to one test at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace DcpNas.Tests;

internal static class Setup
{
    // Runs before Main of the test program and on its thread, with the finalizer gate shut as in every command.
    [ModuleInitializer]
    internal static void LoadLibTorch()
    {
        LibTorch.Load();
        Threads.Set(1);
    }
}
