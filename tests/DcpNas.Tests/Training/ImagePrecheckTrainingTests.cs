using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Native;
using DcpNas.Tasks.ReIdentification;
using DcpNas.Tests.Data;
using DcpNas.Training;
using SkiaSharp;

namespace DcpNas.Tests.Training;

/// <summary>A damaged image of a data set of files ends a training before its first step, and leaves no run folder.</summary>
public sealed class ImagePrecheckTrainingTests
{
    public ImagePrecheckTrainingTests() => LibTorch.Load();

    [Fact]
    public void Execute_OnAnImageFolderWithACutTestImage_EndsBeforeTheFirstStep()
    {
        using var folder = new TempFolder();
        foreach (var (name, colour) in ((string, SKColor)[])[("ants", SKColors.Red), ("bees", SKColors.Blue)])
        {
            for (var i = 0; i < 10; i++)
            {
                folder.Write(Jpeg(20 + i, 20, colour), i < 8 ? "train" : "val", name, $"{i}.jpg");
            }
        }

        var options = TrainFixture.Tiny with { Dataset = "folder", Data = folder.Path, ImageSize = 16, BatchSize = 4, ReestimateImages = 4 };
        Cut(folder.File("val", "bees", "9.jpg"));
        Fails(options, folder, "val/bees/9.jpg");
        folder.Write(Jpeg(29, 20, SKColors.Blue), "val", "bees", "9.jpg");
        TrainRun.Execute(options with { Epochs = 1, TwoStep = false }, folder.File("whole"), "train", new TrainFixture(), _ => { }, CancellationToken.None);
    }

    [Fact]
    public void Execute_OnVocWithACutTestImage_EndsBeforeTheFirstStep()
    {
        using var folder = new TempFolder();
        for (var i = 0; i < 16; i++)
        {
            folder.Write(System.Text.Encoding.UTF8.GetBytes(
                $"<annotation><filename>{i}.jpg</filename><size><width>64</width><height>48</height></size><object><name>cat</name><bndbox><xmin>{4 + i}</xmin><ymin>5</ymin><xmax>40</xmax><ymax>30</ymax></bndbox></object></annotation>"),
                "VOC2007", "Annotations", $"{i}.xml");
            folder.Write(Jpeg(64, 48, SKColors.Green), "VOC2007", "JPEGImages", $"{i}.jpg");
        }

        File.WriteAllLines(folder.File("VOC2007", "ImageSets", "Main", "trainval.txt"), Enumerable.Range(0, 12).Select(i => $"{i}"));
        File.WriteAllLines(folder.File("VOC2007", "ImageSets", "Main", "test.txt"), Enumerable.Range(12, 4).Select(i => $"{i}"));
        Cut(folder.File("VOC2007", "JPEGImages", "14.jpg"));
        Fails(DetectFixture.Tiny with { Dataset = "voc", Data = folder.Path, TrainImages = null, TestImages = null, BatchSize = 4 }, folder, "VOC2007/JPEGImages/14.jpg");
    }

    [Theory]
    [InlineData("query", "0005_c1s1_0.jpg")]
    [InlineData("bounding_box_test", "0006_c2s1_0.jpg")]
    [InlineData("bounding_box_train", "0002_c2s1_1.jpg")]
    public void Execute_OnPersonsWithACutImage_EndsBeforeTheFirstStep(string part, string name)
    {
        using var folder = new TempFolder();
        Persons(folder);
        Cut(folder.File(part, name));
        Fails(
            new ReIdentificationTrainOptions
            {
                Genotype = "DDPNAS_MCN_2",
                Cells = 1,
                Channels = 2,
                StemMultiplier = 1,
                Dataset = PersonDatasetNames.Market1501,
                Data = folder.Path,
                Height = 24,
                Width = 16,
                Epochs = 1,
                WarmupEpochs = 0,
                BatchSize = 8,
                ValidationShare = 0.25,
                ReestimateImages = 0,
                Workers = 0,
                Threads = 1,
            },
            folder, Path.Combine(part, name));
    }

    [Fact]
    public void DataCheck_OfPersons_DecodesEveryImage()
    {
        using var folder = new TempFolder();
        Persons(folder);
        var good = Assert.Single(DataCheck.Run(folder.Path).Datasets);
        Assert.Equal((PersonDatasetNames.Market1501, "Market-1501 (not the official files)", false), (good.Kind, good.Name, good.Official));
        Assert.Equal([("train", 16, 4), ("query", 2, 2), ("gallery", 2, 2)], good.Splits.Select(split => (split.Name, split.Count, split.PerClass.Count)));
        Assert.Equal([new KeyValuePair<string, int>("16 x 32", 20)], good.ImageSizes);
        Assert.DoesNotContain(good.Findings, finding => finding.Severity == FindingSeverity.Error);

        var cut = folder.File("query", "0005_c1s1_0.jpg");
        Cut(cut);
        var report = DataCheck.Run(folder.Path);
        Assert.Equal(cut, Assert.Single(report.Datasets[0].Findings, finding => finding.Severity == FindingSeverity.Error).Path);
        Directory.Delete(folder.File("query"), recursive: true);
        Assert.Contains(DataCheck.Run(folder.Path).Datasets[0].Findings, finding => finding.Message.Contains("the folder is missing", StringComparison.Ordinal));
    }

    private static void Fails(TrainingOptions options, TempFolder folder, string image)
    {
        var run = folder.File("run");
        var observer = new TrainFixture();
        var error = Assert.Throws<InputException>(() => TrainRun.Execute(options, run, "train", observer, _ => { }, CancellationToken.None));
        Assert.StartsWith($"{Path.Combine(folder.Path, image)}: at its pixels, expected ", error.Message, StringComparison.Ordinal);
        Assert.Empty(observer.Steps);
        Assert.False(Directory.Exists(run), "A run folder was left.");
    }

    private static void Persons(TempFolder folder)
    {
        for (var i = 0; i < 16; i++)
        {
            folder.Write(Jpeg(16, 32, new SKColor((byte)(10 * i), 90, 30)), "bounding_box_train", $"{(i / 4) + 1:0000}_c{(i % 2) + 1}s1_{i / 2 % 2}.jpg");
        }

        for (var person = 5; person < 7; person++)
        {
            folder.Write(Jpeg(16, 32, SKColors.Red), "query", $"{person:0000}_c1s1_0.jpg");
            folder.Write(Jpeg(16, 32, SKColors.Red), "bounding_box_test", $"{person:0000}_c2s1_0.jpg");
        }
    }

    /// <summary>Noise of a colour, so that most of the file is pixels and little of it header.</summary>
    private static byte[] Jpeg(int width, int height, SKColor colour)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var random = new SeededRandom(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)(colour.Red ^ random.Next(128)), (byte)(colour.Green ^ random.Next(128)), (byte)(colour.Blue ^ random.Next(128))));
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        return data.ToArray();
    }

    /// <summary>Leaves the header and most of the pixels.</summary>
    private static void Cut(string path)
    {
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^(bytes.Length / 4)]);
    }
}
