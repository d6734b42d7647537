using DcpNas.Inference;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using DcpNas.Tests.Data;
using SkiaSharp;

namespace DcpNas.Tests.Inference;

public sealed class PredictorsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_OverGoodAndBadFiles_KeepsTheirOrder(int threads)
    {
        SKColor[] colours = [SKColors.Red, SKColors.Lime, SKColors.Blue];
        string[] files = [.. Enumerable.Range(0, 30).Select(i => i % 7 == 3 ? _folder.Write([1, 2, 3], $"{i}.png") : Paint($"{i}.png", colours[i % 3]))];
        using var predictor = new PackedPredictor(ModelFile.Open(Write(GraphOutput.Logits)), new PredictorOptions { Threads = threads, Top = 2 });

        var results = predictor.Run(files, TestContext.Current.CancellationToken).ToList();

        Assert.Equal((PredictionKind.Classes, threads), (predictor.Kind, predictor.Threads));
        Assert.Equal(["red", "green", "blue"], predictor.ClassNames);
        Assert.Equal(files, results.Select(result => result.File));
        Assert.All(results.Index(), result =>
        {
            if (result.Index % 7 == 3)
            {
                Assert.StartsWith($"{result.Item.File}: at its start, expected a JPEG, PNG, WebP or BMP image but found", result.Item.Problem, StringComparison.Ordinal);
                Assert.Empty(result.Item.Classes);
            }
            else
            {
                Assert.Null(result.Item.Problem);
                Assert.Equal((2, result.Index % 3), (result.Item.Classes.Count, result.Item.Classes[0].Class));
            }
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_Cancelled_Ends(int threads)
    {
        using var cancel = new CancellationTokenSource();
        using var predictor = new PackedPredictor(ModelFile.Open(Write(GraphOutput.Embedding)), new PredictorOptions { Threads = threads });
        string[] files = [.. Enumerable.Repeat(Paint("a.png", SKColors.Red), 2000)];
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var result in predictor.Run(files, cancel.Token))
            {
                Assert.Equal([2, -2, -2], result.Embedding);
                cancel.Cancel();
            }
        });
    }

    [Fact]
    public void Open_OfWhatIsNeither_SaysWhy()
    {
        var path = _folder.Write([.. "no model at all, but long enough for a header"u8], "net.dcpnas");
        Assert.StartsWith($"{path}: at byte 0, expected", Assert.Throws<PackedModelException>(() => Predictors.Open(path, new PredictorOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OfAModelWithAnotherOutput_NamesIt()
    {
        var path = Write("heat");
        Assert.Null(PackedPredictor.KindOf(PackedModel.Load(path)));
        Assert.Equal(
            $"{path}: the model is no classifier: it has no output 'logits', but 'heat'. Name another model.",
            Assert.Throws<InputException>(() => new PackedPredictor(ModelFile.Open(path), new PredictorOptions())).Message);
    }

    [Fact]
    public void ModelFile_OfAModel_AddsUp()
    {
        var file = ModelFile.Open(Write(GraphOutput.Logits));
        Assert.Equal(file.Bytes, file.BinaryBytes + file.RealBytes + file.MetadataBytes);
        Assert.Equal((0, 9 * sizeof(float)), (file.BinaryBytes, file.RealBytes));
        Assert.All((string[])[file.Sha256, file.ModelSha256, file.TensorsSha256], hash => Assert.Matches("^[0-9a-f]{64}$", hash));
        file.ThrowIfWithout(NumericMode.Exact);
        Assert.StartsWith($"{file.Path}: the model has no fast mode:", Assert.Throws<InputException>(() => file.ThrowIfWithout(NumericMode.Fast)).Message, StringComparison.Ordinal);
    }

    /// <summary>The means of the channels.</summary>
    private string Write(string output)
    {
        var graph = new GraphBuilder(8, 8, 3);
        graph.Output(output, graph.Linear("head", graph.GlobalAverage("mean", graph.Image), [1, 0, 0, 0, 1, 0, 0, 0, 1], []));
        var path = _folder.File($"{output}.dcpnas");
        graph.Build(new ModelInfo { Producer = "test", Classes = ["red", "green", "blue"], Preprocessing = new Preprocessing([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]) }).Save(path);
        return path;
    }

    private string Paint(string name, SKColor colour)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(9, 8, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(colour);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return _folder.Write(data.ToArray(), name);
    }
}
