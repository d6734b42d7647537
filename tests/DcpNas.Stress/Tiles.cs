using System.Runtime.CompilerServices;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Export;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Tasks.Classification;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;

namespace DcpNas.Stress;

/// <summary>A fault in C# after native work that uses AMX tiles where the processor has them: the signal of a null reference then needs more stack than .NET has put by (docs/adr/0008).</summary>
internal static class Tiles
{
    private const int Images = 8, Channels = 16, Side = 16, Classes = 5;

    /// <summary>Foreign code that takes what tiles would take, on any processor, then a callback that is wrong.</summary>
    public static bool FaultAfterTheirBytes(bool isCured) =>
        (isCured ? ForeignThread.RunOnce(AlternateStack.TakeTileBytes) : AlternateStack.TakeTileBytes()) && IsException(callback: LengthOf);

    /// <summary>A session of ONNX Runtime in 8 bits, then a callback that is wrong.</summary>
    public static bool FaultAfterInt8(bool isCured)
    {
        var file = Int8Network();
        var logits = isCured ? ForeignThread.RunOnce(() => Session(file)) : Session(file);
        return logits.Length == Images * Classes && logits.All(float.IsFinite) && IsException(callback: LengthOf);
    }

    /// <summary>A matrix product and a convolution of libtorch in bfloat16, then a callback that is wrong. What may differ is how libtorch was loaded.</summary>
    public static bool FaultAfterBfloat16()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var matrix = ones(256, 256, ScalarType.BFloat16);
        var product = matrix.mm(matrix);
        var convolved = nn.functional.conv2d(ones(Images, 32, Side, Side).to(ScalarType.BFloat16), ones(32, 32, 3, 3).to(ScalarType.BFloat16));
        return product[0, 0].to(ScalarType.Float32).item<float>() == 256 && convolved[0, 0, 0, 0].to(ScalarType.Float32).item<float>() == 9 * 32 && IsException(callback: LengthOf);
    }

    /// <summary>What a program does that lives on after a callback of its user has failed.</summary>
    private static bool IsException(Func<string?, int> callback)
    {
        try
        {
            return callback(null) < 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string? text) => text!.Length;

    private static float[] Session(byte[] file)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(file, options);
        var pixels = new DenseTensor<float>(Enumerable.Repeat(0.5f, Images * 3 * Side * Side).ToArray(), [Images, 3, Side, Side]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(OnnxExporter.Input, pixels)]);
        return [.. results[0].AsTensor<float>()];
    }

    private static byte[] Int8Network()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = NetworkCatalog.Create(new NetworkDescription
        {
            Architecture = NetworkNames.BiRealNet18,
            Scheme = BinarizationScheme.None,
            Stem = StemKind.Cifar,
            Channels = Channels,
            ImageHeight = Side,
            ImageWidth = Side,
        });
        using var head = new LinearHead(backbone.FeatureCount, Classes);
        backbone.eval();
        var quantizer = new OnnxQuantizer(OnnxExporter.Export(backbone, head, new Runtime.ModelInfo { Producer = "DcpNas.Stress" }));
        return quantizer.Quantize(quantizer.Activations.ToDictionary(name => name, _ => (-4f, 4f)));
    }
}
