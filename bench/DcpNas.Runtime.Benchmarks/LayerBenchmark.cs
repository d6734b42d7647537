using BenchmarkDotNet.Attributes;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>One convolution by every set and by ONNX Runtime.</summary>
public abstract class LayerBenchmark
{
    private Layer _best = null!;
    private Layer _avx2 = null!;
    private Layer _scalar = null!;
    private OnnxChain _float32 = null!;
    private OnnxChain _int8 = null!;

    [ParamsSource(nameof(Cases))]
    public LayerCase Case { get; set; } = null!;

    public abstract IEnumerable<LayerCase> Cases { get; }

    [GlobalSetup]
    public void Prepare()
    {
        _best = new(Case.Geometry, InstructionSets.Best);
        _avx2 = new(Case.Geometry, InstructionSets.IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2 : InstructionSet.Scalar);
        _scalar = new(Case.Geometry, InstructionSet.Scalar);
        _float32 = OnnxChain.Float32(Case.Geometry);
        _int8 = OnnxChain.Int8(Case.Geometry);
    }

    [Benchmark(Baseline = true)]
    public void Bits() => _best.Bits();

    [Benchmark]
    public void Sums() => _best.Sums();

    [Benchmark]
    public void Avx2Bits() => _avx2.Bits();

    [Benchmark]
    public void ScalarBits() => _scalar.Bits();

    [Benchmark(OperationsPerInvoke = OnnxChain.Layers * OnnxChain.Turn)]
    public void OnnxFloat32() => _float32.RunTurn();

    [Benchmark(OperationsPerInvoke = OnnxChain.Layers * OnnxChain.Turn)]
    public void OnnxInt8() => _int8.RunTurn();

    [GlobalCleanup]
    public void Clean()
    {
        _float32.Dispose();
        _int8.Dispose();
    }
}

/// <summary>Dense 3x3.</summary>
public class DenseBenchmark : LayerBenchmark
{
    public override IEnumerable<LayerCase> Cases => LayerCase.Dense;
}

/// <summary>Dense 1x1.</summary>
public class PointwiseBenchmark : LayerBenchmark
{
    public override IEnumerable<LayerCase> Cases => LayerCase.Pointwise;
}

/// <summary>Dense 3x3 with dilation.</summary>
public class DilatedBenchmark : LayerBenchmark
{
    public override IEnumerable<LayerCase> Cases => LayerCase.Dilated;
}

/// <summary>Depthwise 3x3 and 5x5, with and without dilation.</summary>
public class DepthwiseBenchmark : LayerBenchmark
{
    public override IEnumerable<LayerCase> Cases => LayerCase.DepthwiseOnes;
}
