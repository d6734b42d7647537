using System.Reflection;
using System.Runtime.CompilerServices;
using DcpNas.Native;
using Xunit.v3;

// libtorch's global state (threads, random numbers, the parked finalizer) belongs to one test at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: DcpNas.Tests.OneThread]

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

/// <summary>Every test begins with one thread of libtorch, whatever the one before it has set: their order depends on where the program lies.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class OneThreadAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Threads.Set(1);
}
