using System.Runtime.CompilerServices;

namespace DcpNas.Tests;

/// <summary>Rules that the compiled assemblies keep (docs/adr/0008), read from their metadata.</summary>
public sealed class CompiledAssemblyTests
{
    private const string Session = "Microsoft.ML.OnnxRuntime.InferenceSession", ForeignThread = "DcpNas.Native.ForeignThread";

    // What the processor reports as a fault, or is raised in its place, and the bases under which it could be caught as well.
    private static readonly string[] HardwareExceptions =
    [
        "System.NullReferenceException", "System.DivideByZeroException", "System.IndexOutOfRangeException", "System.AccessViolationException", "System.StackOverflowException",
        "System.InsufficientExecutionStackException", "System.ArithmeticException", "System.SystemException",
    ];

    [Theory]
    [InlineData("DcpNas")]
    [InlineData("DcpNas.Runtime")]
    [InlineData("DcpNas.Cli")]
    public void Code_OfEveryAssembly_NamesNoHardwareException(string project)
    {
        using var assembly = new CompiledAssembly(CompiledAssembly.PathOf(project));

        var named = HardwareExceptions.SelectMany(type => assembly.MethodsThatName(type).Select(method => $"{method} names {type}")).ToList();

        Assert.True(named.Count == 0, $"Ask before reading, instead of catching a fault of the hardware: {string.Join("; ", named)}.");
        Assert.NotEmpty(assembly.MethodsThatName("System.Exception")); // what is surely there is seen
    }

    [Theory]
    [InlineData("System.NullReferenceException", nameof(CatchByFilter))]
    [InlineData("System.IndexOutOfRangeException", nameof(CatchByType))]
    [InlineData("System.DivideByZeroException", nameof(Throw))]
    public void MethodsThatName_AnExceptionThatIsCaughtFilteredOrThrown_FindsIt(string type, string method)
    {
        using var assembly = new CompiledAssembly(typeof(CompiledAssemblyTests).Assembly.Location);

        Assert.Contains($"{typeof(CompiledAssemblyTests).FullName}.{method}", assembly.MethodsThatName(type));
    }

    [Theory]
    [InlineData("DcpNas.Cli", "DcpNas.Cli.Bench.OnnxRuntimeBackend")]
    [InlineData("DcpNas.Tests", "DcpNas.Tests.Export.OnnxRun")]
    public void SessionsOfOnnxRuntime_OfEveryAssembly_HaveThreadsOfTheirOwn(string project, string expected)
    {
        using var assembly = new CompiledAssembly(CompiledAssembly.PathOf(project));

        Assert.Equal([expected], assembly.TypesThatName(Session)); // a new one belongs here, and has to keep the next line
        Assert.Contains(expected, assembly.TypesThatName(ForeignThread));
    }

    // As the readers of descriptions once were.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CatchByFilter(string? text)
    {
        try
        {
            return text!.Length;
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException)
        {
            return 0;
        }
    }

    private static int CatchByType(int[] numbers)
    {
        try
        {
            return numbers[1];
        }
        catch (IndexOutOfRangeException)
        {
            return CatchByFilter(null);
        }
    }

    private static int Throw(int number) => number == 0 ? throw new DivideByZeroException() : CatchByType([number]) + Throw(0);
}
