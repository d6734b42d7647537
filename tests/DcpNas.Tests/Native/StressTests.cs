using System.Diagnostics;

namespace DcpNas.Tests.Native;

public class StressTests
{
    private const int Abort = 134;

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
