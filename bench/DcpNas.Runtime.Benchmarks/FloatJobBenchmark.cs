using BenchmarkDotNet.Attributes;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>Signs, epilogue, pooling, stem and transposes by the best set, without vectors, and by ONNX Runtime where it has the job.</summary>
public class FloatJobBenchmark
{
    private Action _best = null!;
    private Action _scalar = null!;
    private OnnxChain? _peer;

    [Params("sign", "epilogue with shortcut and sign", "max pool", "avg pool", "global average", "stem 3x3", "transpose of bits")]
    public string Job { get; set; } = null!;

    [Params("64@56", "36@32", "256@14")]
    public string Map { get; set; } = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var sizes = Array.ConvertAll(Map.Split('@'), int.Parse);
        var create = FloatJobs.Jobs(sizes[0], sizes[1]).First(job => job.Name == Job).Create;
        (_best, _scalar) = (create(InstructionSets.Best), create(InstructionSet.Scalar));
        _peer = Job.EndsWith("pool", StringComparison.Ordinal) ? OnnxChain.Pool(new LayerCase(sizes[0], sizes[1], 3).Geometry, Job.StartsWith("avg", StringComparison.Ordinal)) : null;
    }

    [Benchmark(Baseline = true)]
    public void Best() => _best();

    [Benchmark]
    public void Scalar() => _scalar();

    [Benchmark(OperationsPerInvoke = OnnxChain.Layers * OnnxChain.Turn)]
    public void OnnxFloat32() => _peer?.RunTurn();

    [GlobalCleanup]
    public void Clean() => _peer?.Dispose();
}
