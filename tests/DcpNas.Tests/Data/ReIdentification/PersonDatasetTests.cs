using DcpNas.Data;
using DcpNas.Data.ReIdentification;

namespace DcpNas.Tests.Data.ReIdentification;

/// <summary>Readers of the published layouts, whole and broken, and the synthetic persons.</summary>
public class PersonDatasetTests
{
    private static readonly PersonDatasetOptions Size = new() { Height = 32, Width = 16, SyntheticIdentities = 30, SyntheticTestIdentities = 20 };

    [Fact]
    public void Open_TheMarketLayout_LeavesJunkOutKeepsDistractorsAndNamesWhatDiffers()
    {
        using var folder = Market();
        var dataset = PersonDatasetCatalog.Open(PersonDatasetNames.Market1501, folder.Path, Size);
        Assert.Equal((4, 2, 4), (dataset.Train.Count, dataset.Query.Count, dataset.Gallery.Count));
        Assert.Equal([0, 7, 7, 9], Enumerable.Range(0, 4).Select(dataset.Gallery.Identity).Order());
        Assert.Equal(("0002_c1s1_000451_03.jpg", 2, 1), (dataset.Train.ImageName(0), dataset.Train.Identity(0), dataset.Train.Camera(0)));
        Assert.Equal(["2", "11"], dataset.Train.ClassNames);
        Assert.Equal("Market-1501 (not the official files)", dataset.Name);
        Assert.Equal(
            [
                $"{Path.Combine(folder.Path, "query")}: 1 image is left out, because the name does not begin with PERSON_cCAMERA: 'photo.jpg'.",
                "Market-1501 has 12936 training images, these files 4.",
                "Market-1501 has 751 training persons, these files 2.",
                "Market-1501 has 3368 queries, these files 2.",
                "Market-1501 has 750 persons of the queries, these files 2.",
                "Market-1501 has 15913 gallery images, these files 4.",
            ],
            dataset.Warnings);
        Assert.Equal(1, dataset.MoreQueries!.Count);
        var pixels = new byte[3 * 32 * 16];
        dataset.Train.ReadPixels(0, pixels);
        Assert.InRange(pixels[0], 190, 210); // a red image, stretched from 64 x 128
        Assert.InRange(pixels[32 * 16], 0, 20);
        var distractors = PersonDatasetCatalog.Distractors(Path.Combine(folder.Path, "query"), 32, 16);
        Assert.Equal((3, 0), (distractors.Count, distractors.Identity(2)));
    }

    [Fact]
    public void Open_BrokenFolders_SaysWhereAndWhatToDo()
    {
        using var folder = Market();
        Assert.Equal($"{folder.Path}/x: the folder does not exist (expected bounding_box_train, query, bounding_box_test). Name the folder that holds them with --data DIR.",
            Fault(PersonDatasetNames.DukeMtmc, folder.Path + "/x"));
        Directory.Delete(Path.Combine(folder.Path, "query"), recursive: true);
        Assert.Equal($"{Path.Combine(folder.Path, "query")}: the folder is missing. The layout is bounding_box_train, query, bounding_box_test.", Fault(PersonDatasetNames.Market1501, folder.Path));
        Directory.CreateDirectory(Path.Combine(folder.Path, "query"));
        Assert.Equal($"{Path.Combine(folder.Path, "query")}: at its files, expected images named PERSON_cCAMERA..., such as 0002_c1s1_000451_03.jpg but found none. Unpack the data set there.",
            Fault(PersonDatasetNames.Market1501, folder.Path));
        Assert.StartsWith("Unknown data set 'market1502'. Did you mean 'market1501'? Known data sets: synthetic, ", Fault("market1502", folder.Path), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(folder.Path, "bounding_box_train", "0002_c1s1_000451_03.jpg"), "no image");
        File.WriteAllBytes(folder.File("query", "0007_c1s1_0.png"), Png(10, 20, 5));
        var damaged = PersonDatasetCatalog.Open(PersonDatasetNames.Market1501, folder.Path, Size);
        Assert.Contains("0002_c1s1_000451_03.jpg: at its start, expected a JPEG, PNG, WebP or BMP image", Assert.Throws<InputException>(() => damaged.Train.ReadPixels(0, new byte[3 * 32 * 16])).Message, StringComparison.Ordinal);
        Assert.Equal("height must be from 16 to 1024, got 8.", Assert.Throws<OptionsException>(() => PersonDatasetCatalog.Open("synthetic", null, Size with { Height = 8 })).Problems.Single());
    }

    [Theory]
    [InlineData("0002_c7s1_0.png", 7)]
    [InlineData("0002_c10s1_0.png", 10)]
    [InlineData("0002_c123_f0.png", 123)]
    [InlineData("0002_c12.png", 12)]
    [InlineData("0002_c007_0.png", 7)]
    [InlineData("0002_c99999999999_0.png", null)]
    [InlineData("0002_cs1_0.png", null)]
    public void List_CameraOfAnyDigits_IsTheWholeNumber(string name, int? camera)
    {
        using var folder = new TempFolder();
        folder.Write(Png(1, 2, 3), name);
        var warnings = new List<string>();
        Assert.Equal(camera is { } number ? [number] : (int[])[], MarketReader.List(folder.Path, warnings).Select(file => file.Camera));
        Assert.Equal(camera is null ? 1 : 0, warnings.Count);
    }

    [Fact]
    public void Open_Cuhk03InOtherForms_IsRead()
    {
        using var folder = new TempFolder();
        folder.Write(Png(10, 20, 60), "images_detected", "a.png");
        const string Split = """[{"train": [["a.png", 0.0, 1e0]], "query": [["x/a.png", 5, 0]], "gallery": [["x/a.png", 5.0, 1]]}]""";
        foreach (var encoding in (System.Text.Encoding[])[new System.Text.UTF8Encoding(true), System.Text.Encoding.Unicode, System.Text.Encoding.BigEndianUnicode])
        {
            File.WriteAllText(folder.File("splits_new_detected.json"), Split, encoding);
            var dataset = PersonDatasetCatalog.Open(PersonDatasetNames.Cuhk03Detected, folder.Path, Size);
            Assert.Equal((1, 1, 6), (dataset.Train.Identity(0), dataset.Train.Camera(0), dataset.Gallery.Identity(0)));
        }
    }

    [Fact]
    public void Open_Cuhk03_ReadsSplitsAndNamesMissingImages()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])["1_001_1_01.png", "1_001_2_01.png", "1_002_1_01.png", "1_002_2_01.png"])
        {
            folder.Write(Png(10, 20, 60), "images_detected", name);
        }

        const string Split = """{"train": [["/old/1_001_1_01.png", 0, 0], ["C:\\old\\1_001_2_01.png", 0, 1]], "query": [["x/1_002_1_01.png", 5, 0]], "gallery": [["x/1_002_2_01.png", 5, 1]]}""";
        File.WriteAllText(folder.File("splits_classic_detected.json"), $"[{Split}, {Split}]");
        File.WriteAllText(folder.File("splits_new_detected.json"), $"[{Split}]");
        var classic = PersonDatasetCatalog.Open(PersonDatasetNames.Cuhk03ClassicDetected, folder.Path, Size with { SplitId = 1 });
        Assert.Equal(("CUHK03 (classic split 1, detected)", 2, 6, 1), (classic.Name, classic.Train.Count, classic.Query.Identity(0), classic.Gallery.Camera(0)));
        Assert.Equal(5, PersonDatasetCatalog.Open(PersonDatasetNames.Cuhk03Detected, folder.Path, Size).Warnings.Count);

        Assert.Equal($"{folder.File("splits_classic_detected.json")}: at its list, expected a split number 7 but found 2 splits, numbered from 0. Choose another --split-id.",
            Assert.Throws<InputException>(() => PersonDatasetCatalog.Open(PersonDatasetNames.Cuhk03ClassicDetected, folder.Path, Size with { SplitId = 7 })).Message);
        File.Delete(folder.File("images_detected", "1_001_2_01.png"));
        Assert.Equal($"{folder.File("splits_new_detected.json")}: names 1 of 2 train images that are missing: {folder.File("images_detected", "1_001_2_01.png")}. Convert the data set again.", Fault(PersonDatasetNames.Cuhk03Detected, folder.Path));
    }

    [Theory]
    [InlineData("[{}]", "[0].train, expected a list but found none")]
    [InlineData("{}", "its contents, expected a list but found an object")]
    [InlineData("[7]", "[0], expected an object but found 7")]
    [InlineData("""[{"train": [["a.png", 0]]}]""", "[0].train[0], expected [path, person, camera] but found [\"a.png\",0]")]
    [InlineData("""[{"train": [["a.png", 0, 0], null]}]""", "[0].train[1], expected a list but found none")]
    [InlineData("""[{"train": [[1, 0, 0]]}]""", "[0].train[0][0], expected a text but found 1")]
    [InlineData("""[{"train": [["\ud800", 0, 0]]}]""", "[0].train[0][0], expected a text but found characters that are not Unicode")]
    [InlineData("""[{"train": [["a.png", -1, 0]]}]""", "[0].train[0][1], expected a whole number from 0 to 2147483646 but found -1")]
    [InlineData("""[{"train": [["a.png", 0, "x"]]}]""", "[0].train[0][2], expected a whole number but found 'x'")]
    [InlineData("[{]", "line 1, byte 3, expected JSON but found something else (']' is an invalid start of a property name. Expected a '\"')")]
    public void Open_Cuhk03WithFaultySplits_NamesThePlace(string content, string expected)
    {
        using var folder = new TempFolder();
        folder.Write(Png(10, 20, 60), "images_detected", "a.png");
        File.WriteAllText(folder.File("splits_new_detected.json"), content);

        Assert.Equal($"{folder.File("splits_new_detected.json")}: at {expected}. Convert the data set again.", Fault(PersonDatasetNames.Cuhk03Detected, folder.Path));
    }

    [Fact]
    public void Synthetic_Persons_AreToldApartByTheirClothesOverCameras()
    {
        var dataset = PersonDatasetCatalog.Open(PersonDatasetNames.Synthetic, null, Size);
        Assert.Equal((30 * 12, 20 * 4, (20 * 8) + 20), (dataset.Train.Count, dataset.Query.Count, dataset.Gallery.Count));
        Assert.Empty(dataset.Train.ClassNames.Intersect(dataset.Query.ClassNames));
        Assert.Equal(20, Enumerable.Range(0, dataset.Gallery.Count).Count(index => dataset.Gallery.Identity(index) == 0));

        // By plain pixels the nearest image of another camera shows the same person more often than by chance (1 in 20), but not nearly always.
        var hits = 0;
        for (var query = 0; query < dataset.Query.Count; query++)
        {
            var asked = Pixels(dataset.Query, query);
            var best = Enumerable.Range(0, dataset.Gallery.Count).Where(index => dataset.Gallery.Camera(index) != dataset.Query.Camera(query))
                .MinBy(index => Pixels(dataset.Gallery, index).Zip(asked, (a, b) => Math.Pow(a - b, 2)).Sum());
            hits += dataset.Gallery.Identity(best) == dataset.Query.Identity(query) ? 1 : 0;
        }

        Assert.InRange((double)hits / dataset.Query.Count, 0.08, 0.5);
        var again = new byte[3 * 32 * 16];
        dataset.Query.ReadPixels(7, again);
        Assert.Equal(Pixels(dataset.Query, 7), again.Select(value => (double)value));
        Assert.NotEqual(Pixels(dataset.Query, 7), Pixels(new SyntheticPersons(Size with { SyntheticSeed = 1 }, SyntheticPart.Query), 7));

        static double[] Pixels(IPersonImages images, int index)
        {
            var pixels = new byte[3 * 32 * 16];
            images.ReadPixels(index, pixels);
            return [.. pixels.Select(value => (double)value)];
        }
    }

    private static TempFolder Market()
    {
        var folder = new TempFolder();
        foreach (var name in (string[])["0002_c1s1_000451_03.jpg", "0002_c2s1_1.jpg", "0011_c3s1_1.jpg", "0011_c1s1_1.jpg", "-1_c1s1_1.jpg", "0000_c1s1_1.jpg"])
        {
            folder.Write(Png(200, 10, 10), "bounding_box_train", name);
        }

        foreach (var name in (string[])["0007_c1s1_1.jpg", "0009_c2s1_1.jpg", "photo.jpg"])
        {
            folder.Write(Png(10, 200, 10), "query", name);
        }

        foreach (var name in (string[])["0007_c2s1_1.jpg", "0007_c1s2_1.jpg", "0009_c3s1_1.jpg", "-1_c2s1_1.jpg", "0000_c2s1_1.jpg", "Thumbs.db"])
        {
            folder.Write(Png(10, 10, 200), "bounding_box_test", name);
        }

        folder.Write(Png(10, 200, 10), "gt_bbox", "0007_c1s1_2.jpg");
        return folder;
    }

    private static byte[] Png(byte red, byte green, byte blue)
    {
        const int Height = 128, Width = 64;
        var pixels = new byte[3 * Height * Width];
        pixels.AsSpan(0, Height * Width).Fill(red);
        pixels.AsSpan(Height * Width, Height * Width).Fill(green);
        pixels.AsSpan(2 * Height * Width).Fill(blue);
        return ImageEncoder.Png(pixels, 3, Height, Width);
    }

    private static string Fault(string name, string folder) => Assert.ThrowsAny<InputException>(() => PersonDatasetCatalog.Open(name, folder, Size)).Message;
}
