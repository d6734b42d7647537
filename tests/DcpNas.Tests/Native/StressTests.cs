using System.Diagnostics;
using DcpNas.Native;

namespace DcpNas.Tests.Native;

public class StressTests
{
    private const int Abort = 134, SegmentationFault = 139;

    [Theory]
    [InlineData("scalars-allocating")]
    [InlineData("scalars-collecting")]
    [InlineData("temporaries-collecting")]
    [InlineData("function-collecting")]
    [InlineData("training-allocating")]
    public async Task FinalizerGate_CollectionsBesideLibTorch_KeepsEveryValueRight(string scenario)
    {
        var (exitCode, error) = await StressProcess.Run(null, scenario, "with", "3");
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{error}");
    }

    [Theory]
    [InlineData("grad-freed-graph")]
    [InlineData("grad-unused-input")]
    [InlineData("throwing-backward")]
    public async Task Autograd_BadCall_GivesAnExceptionWhereTorchSharpAborts(string scenario)
    {
        Assert.Equal(Abort, (await StressProcess.Run(null, scenario, "without")).ExitCode);
        var (exitCode, error) = await StressProcess.Run(null, scenario, "with");
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{error}");
    }

    [Theory]
    [InlineData("fault-after-tile-bytes")]
    [InlineData("fault-after-int8")]
    [InlineData("fault-after-bfloat16")]
    public async Task UserCallback_NullReferenceAfterTiles_StaysAnException(string scenario)
    {
        var (exitCode, error) = await StressProcess.Run(null, scenario, "with");
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{error}");
    }

    // Show that the scenarios above do need their cure. Where these stop ending as they do, .NET bears tiles, and the cure can go.
    [Fact]
    public async Task UserCallback_NullReferenceWithoutTheBytesOfTiles_EndsTheProcess() =>
        Assert.Equal(SegmentationFault, (await StressProcess.Run(null, "fault-after-tile-bytes", "without")).ExitCode);

    [Theory]
    [InlineData("fault-after-int8")]
    [InlineData("fault-after-bfloat16")]
    public async Task UserCallback_NullReferenceAfterTilesOnItsThread_EndsTheProcess(string scenario)
    {
        Assert.SkipUnless(Amx.IsPresent, "This processor has no AMX (dcpnas doctor, line amx): nothing here can show what happens without the cure.");
        Assert.Equal(SegmentationFault, (await StressProcess.Run(null, scenario, "without")).ExitCode);
    }

    [Fact]
    public async Task OneDnn_Setting_IsReadByLibTorch()
    {
        var environment = new Dictionary<string, string?> { ["ONEDNN_VERBOSE"] = "1", ["ONEDNN_MAX_CPU_ISA"] = "AVX2" };
        var (exitCode, output) = await StressProcess.Run(environment, "training-allocating", "with", "0.2");
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}");
        Assert.Contains("isa:Intel AVX2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParkedFinalizer_MainReturns_ProcessEnds() =>
        Assert.Equal(0, (await StressProcess.Run(null, "exit-while-parked", "with")).ExitCode);

    [Fact]
    public async Task ParkedFinalizer_EnvironmentExitAfterRelease_ProcessEnds() =>
        Assert.Equal(7, (await StressProcess.Run(null, "exit-after-release", "with")).ExitCode);

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task ParkedFinalizer_Signal_ProcessEnds(string signal, int exitCode)
    {
        // A shell without job control starts background jobs with SIGINT ignored, which every process below inherits.
        Assert.SkipWhen(signal == "INT" && StressProcess.IgnoresInterrupts, "SIGINT is ignored by the shell that started the tests.");
        using var process = StressProcess.Start(null, "sleep", "with", "30");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var ended = process.WaitForExit(TimeSpan.FromSeconds(15));
        if (!ended)
        {
            process.Kill();
        }

        Assert.True(ended, $"SIG{signal} did not end the process.");
        Assert.Equal(exitCode, process.ExitCode);
    }

    [Fact]
    public async Task Load_FolderWithoutLibTorch_SaysWhereAndWhatToDo()
    {
        var environment = new Dictionary<string, string?> { ["DCPNAS_LIBTORCH"] = "/nonexistent/libtorch" };
        var (exitCode, error) = await StressProcess.Run(environment, "exit-while-parked", "with");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("/nonexistent/libtorch: at DCPNAS_LIBTORCH, expected a folder with libtorch_cpu.so but found no such folder.", error);
    }
}
