using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using SkiaSharp;

namespace EndToEnd;

/// <summary>A packed classifier that knows three colours, exactly: the logits are the means of the channels. A 1-bit branch runs beside and adds 0.</summary>
internal static class ColourModel
{
    public const int Side = 8;

    public static string Write(string path, int? resize = null, bool classifier = true, bool normalises = true, ImageFit fit = ImageFit.Crop)
    {
        var graph = new GraphBuilder(Side, Side, 3);
        var bits = graph.Sign("signs", graph.Image, [0f, 0f, 0f], [ThresholdRule.Below, ThresholdRule.Below, ThresholdRule.Below]);
        var sums = graph.BinaryConvolution("depthwise", bits, SignWeights.PackDepthwise(new float[27], 3, 3), ConvolutionGeometry.Same(3));
        var mean = graph.GlobalAverage("mean", graph.Affine("nothing", sums, new float[3], new float[3], graph.Image));
        graph.Output(classifier ? GraphOutput.Logits : GraphOutput.Embedding, graph.Linear("head", mean, [1, 0, 0, 0, 1, 0, 0, 0, 1], []));
        graph.Build(new ModelInfo
        {
            Producer = "tests\u001b[31m",
            Classes = ["red", "green", "blue"],
            Preprocessing = normalises ? new Preprocessing([0.5, 0.5, 0.5], [0.25, 0.25, 0.25], resize) { Fit = fit } : null,
            Cost = new Dictionary<string, double> { ["ops"] = 1234 },
        }).Save(path);
        return path;
    }

    /// <summary>An image of vertical stripes.</summary>
    public static SKBitmap Paint(int width, int height, params SKColor[] stripes)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var i = 0; i < width * height; i++)
        {
            bitmap.SetPixel(i % width, i / width, stripes[i % width * stripes.Length / width]);
        }

        return bitmap;
    }

    /// <summary>A file of such an image.</summary>
    public static string Paint(string path, int width, int height, params SKColor[] stripes)
    {
        using var bitmap = Paint(width, height, stripes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = File.Create(path);
        bitmap.Encode(stream, path.EndsWith("png", StringComparison.Ordinal) ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 100);
        return path;
    }
}
