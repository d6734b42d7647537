using System.Security.Cryptography;
using DcpNas.Data;
using DcpNas.Export;
using DcpNas.Inference;
using DcpNas.Runtime;
using DcpNas.Tests.Data;
using DcpNas.Tests.Runs;
using SkiaSharp;

namespace DcpNas.Tests.Inference;

/// <summary>The networks that come with the tool: their cards say what their files do.</summary>
public sealed class ModelZooTests
{
    public static TheoryData<string> Names() => [.. ModelZoo.Names];

    public static TheoryData<string, NumericMode> Judged()
    {
        var data = new TheoryData<string, NumericMode>();
        foreach (var name in ModelZoo.Names)
        {
            data.Add(name, NumericMode.Exact);
            data.Add(name, NumericMode.Integer);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Card_IsThatOfTheFile(string name)
    {
        var (card, bytes) = (ModelZoo.Card(name), ModelZoo.Bytes(name));

        Assert.Equal(name, (string?)card["name"]);
        Assert.Equal(bytes.Length, (int)card["file"]!["bytes"]!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), (string?)card["file"]!["sha256"]);
        Assert.Equal(["trained", "exact", "fast", "integer"], card["accuracy"]!["modes"]!.AsObject().Select(mode => mode.Key));
        Assert.StartsWith("dcpnas ", (string?)card["training"]!["command"], StringComparison.Ordinal);
        Assert.NotEmpty(card["limits"]!.AsArray());
        var info = ModelFile.Open(name).Model.Info;
        Assert.True(info.FixedPoint is not null && info.Integers is not null);
    }

    [Theory]
    [MemberData(nameof(Judged))]
    public void Accuracy_OnAllTestImages_IsThatOfTheCard(string name, NumericMode mode)
    {
        var data = name switch { "mnist" => RealData.Folder("mnist"), "cifar10" => RealData.Folder("cifar-10-batches-bin"), _ => null };
        var outcome = PackedEvaluation.Execute(new PackedEvaluationOptions { Model = name, Data = data, Mode = mode, Threads = 2 }, (_, _) => { }, TestContext.Current.CancellationToken);

        var expected = ModelZoo.Card(name)["accuracy"]!;
        Assert.Equal((int)expected["images"]!, outcome.Images);
        var measures = expected["modes"]![mode.ToString().ToLowerInvariant()]!.AsObject();
        Assert.Equal(measures.Select(measure => measure.Key), outcome.Measures.Select(measure => measure.Key));
        Assert.All(outcome.Measures, measure => Assert.Equal((double)measures[measure.Key]!, measure.Value, 9));
    }

    [Fact]
    public void Predict_OfDigitsAsFiles_IsMostlyRight()
    {
        using var folder = new TemporaryFolder();
        var images = DatasetCatalog.Open("mnist", RealData.Folder("mnist")).Test;
        var files = Enumerable.Range(0, 50).Select(index => Write(images, index, folder[$"{index}.png"])).ToArray();
        using var predictor = new PackedPredictor(ModelFile.Open("mnist"), new PredictorOptions { Threads = 1, Top = 1, Mode = NumericMode.Integer });

        var right = predictor.Run(files, TestContext.Current.CancellationToken).Select((result, index) => result.Classes[0].Label == images.ClassNames[images.Label(index)]).Count(isRight => isRight);

        Assert.InRange(right, 45, 50);
    }

    [Fact]
    public void Open_OfAnUnknownName_NamesTheNearestAndAll()
    {
        Assert.Equal(
            $"mnits: there is no such file. Name one that dcpnas export has written, or one of the networks that come with dcpnas: {string.Join(", ", ModelZoo.Names)}. Did you mean 'mnist'?",
            Assert.Throws<InputException>(() => ModelFile.Open("mnits")).Message);
        Assert.Equal(
            $"mnits: there is no such network. Name one of the networks that come with dcpnas: {string.Join(", ", ModelZoo.Names)}. Did you mean 'mnist'?",
            Assert.Throws<InputException>(() => ModelZoo.Card("mnits")).Message);
    }

    [Fact]
    public void Execute_OfAFileWithoutADataSet_AsksForOne()
    {
        using var folder = new TemporaryFolder();
        ModelFile.Open("mnist").CopyTo(folder["net.dcpnas"]);
        var error = Assert.Throws<InputException>(() => PackedEvaluation.Execute(new PackedEvaluationOptions { Model = folder["net.dcpnas"] }, (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.EndsWith("a packed model does not say which images judge it. Name a data set: --dataset NAME.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_OnOtherData_SaysWhatDiffers() => Assert.StartsWith(
        "synthetic shapes has the classes ",
        Assert.Throws<InputException>(() => PackedEvaluation.Execute(new PackedEvaluationOptions { Model = "mnist", Dataset = "synthetic" }, (_, _) => { }, TestContext.Current.CancellationToken)).Message,
        StringComparison.Ordinal);

    private static string Write(IImageDataset images, int index, string path)
    {
        var pixels = new byte[images.BytesPerImage];
        images.ReadPixels(index, pixels);
        using var bitmap = new SKBitmap(images.Width, images.Height);
        for (var pixel = 0; pixel < pixels.Length; pixel++)
        {
            bitmap.SetPixel(pixel % images.Width, pixel / images.Width, new SKColor(pixels[pixel], pixels[pixel], pixels[pixel])); // grey
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, png.ToArray());
        return path;
    }
}
