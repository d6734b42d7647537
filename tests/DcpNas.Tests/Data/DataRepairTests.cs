using System.Text;
using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;
using SkiaSharp;

namespace DcpNas.Tests.Data;

/// <summary>Copies of damaged data can be opened, and everything that they lack is named.</summary>
public sealed class DataRepairTests : IDisposable
{
    private static readonly byte[] Picture = DataFiles.Image(24, 16, SKColors.Red, SKColors.Blue);
    private readonly TempFolder _folder = new();
    private readonly TempFolder _elsewhere = new();

    private string Target => Path.Combine(_elsewhere.Path, "copy");

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public void Run_BesideAFolderThatMayNotBeRead_NamesItAsLeftOut()
    {
        DataFiles.WriteImageFolder(_folder, "set");
        using var closed = new ClosedFolder(_folder.File("more"));
        Assert.Equal([new DataFinding(FindingSeverity.Error, _folder.File("more"), "cannot be read: what is in it was passed over.")], DataRepair.Run(_folder.Path, Target).LeftOut);

        Directory.Delete(_folder.File("set"), recursive: true);
        Assert.Equal($"{_folder.Path}: no data set was recognised in it or below. Not searched, because they cannot be read: {_folder.File("more")}. See what is expected with dcpnas data check.",
            Assert.Throws<InputException>(() => DataRepair.Run(_folder.Path, Path.Combine(_elsewhere.Path, "other"))).Message);
    }

    [Fact]
    public void Run_ImageFolder_CopiesWhatCanBeUsed()
    {
        DataFiles.WriteImageFolder(_folder, "set");
        var bad = _folder.Write([1, 2, 3], "set", "train", "ants", "bad.png");
        var empty = Path.GetDirectoryName(_folder.Write([1], "set", "train", "empty", "x.png"))!;
        var unknown = Path.GetDirectoryName(_folder.Write(Picture, "set", "val", "wasps", "w.png"))!;
        _folder.Write(Picture, "set", "train", "caf\u00e9", "a.png");
        _folder.Write(Picture, "set", "train", "cafe\u0301", "a.png");
        _folder.Write(Picture, "set", "val", "cafe\u0301", "a.png");
        _folder.Write([9], "set", "train", "ants", "readme.txt");

        var repair = DataRepair.Run(_folder.Path, Target);

        Assert.Equal([bad, Path.Combine(empty, "x.png"), empty, unknown], repair.LeftOut.Select(finding => finding.Path).Order(StringComparer.Ordinal).OrderBy(path => path == unknown).ThenBy(path => path == empty));
        Assert.Equal("the class has no training image that can be used.", repair.LeftOut[^1].Message);
        Assert.Equal(9, repair.Copied);
        var data = Assert.Single(DataCheck.Run(Target).Datasets);
        Assert.DoesNotContain(data.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(["ants", "bees", "cafe\u0301"], data.ClassNames);
        Assert.Equal([[2, 2, 2], [1, 1, 1]], data.Splits.Select(split => split.PerClass));
        Assert.True(File.Exists(bad));
    }

    [Fact]
    public void Run_Voc_WritesListsWithoutTheOthers()
    {
        const string Good = "<annotation><size><width>24</width><height>16</height></size><object><name>cat</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>";
        foreach (var (name, xml) in ((string, string)[])[("a", Good), ("b c", Good), ("broken", "<annotation>"), ("size", Good.Replace("24", "25", StringComparison.Ordinal)), ("gone", Good), ("d", Good)])
        {
            _folder.Write(Encoding.UTF8.GetBytes(xml), "VOC2007", "Annotations", $"{name}.xml");
            _folder.Write(Picture, "VOC2007", "JPEGImages", $"{name}.jpg");
        }

        File.Delete(_folder.File("VOC2007", "JPEGImages", "gone.jpg"));
        File.WriteAllText(_folder.File("VOC2007", "ImageSets", "Main", "trainval.txt"), "a\nbroken\nb c\nsize\ngone\nnobody\na\n");
        File.WriteAllText(_folder.File("VOC2007", "ImageSets", "Main", "test.txt"), "d\nbroken\n");

        var repair = DataRepair.Run(_folder.Path, Target);

        Assert.Equal(["broken.xml", "size.xml", "gone.xml", "nobody.xml"], repair.LeftOut.Select(finding => Path.GetFileName(finding.Path)));
        Assert.Equal("a\nb c\n", File.ReadAllText(Path.Combine(Target, "VOC2007", "ImageSets", "Main", "trainval.txt")));
        var pair = DetectionDatasetCatalog.Open("voc", Target);
        Assert.Equal((2, 1, 8), (pair.Train.Count, pair.Test.Count, repair.Copied));
        Assert.False(DataCheck.Run(Target).HasErrors);
    }

    [Fact]
    public void Run_Coco_LeavesImagesAndTheirObjectsOut()
    {
        _folder.Write(Picture, "train2017", "a.png");
        _folder.Write([1, 2], "train2017", "bad.png");
        _folder.Write(Picture, "shared", "s.png");
        var file = _folder.Write(
            Encoding.UTF8.GetBytes("""
                {"info": {"year": 2017}, "categories": [{"id": 1, "name": "cat"}],
                 "images": [{"id": 1, "file_name": "a.png", "width": 24, "height": 16}, {"id": 2, "file_name": "bad.png", "width": 24, "height": 16},
                            {"id": 3, "file_name": "gone.png", "width": 24, "height": 16}, {"id": 4.0, "file_name": "shared\\s.png", "width": 24, "height": 16}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]}, {"id": 2, "image_id": 2.0, "category_id": 1, "bbox": [1, 1, 5, 5]},
                                 {"id": 3, "image_id": 4, "category_id": 1, "bbox": [1, 1, 5, 5], "segmentation": [[1, 2]]}]}
                """),
            "annotations",
            "instances_train2017.json");

        var repair = DataRepair.Run(_folder.Path, Target);

        Assert.Equal([$"{file}, images[1]", $"{file}, images[2]"], repair.LeftOut.Select(finding => finding.Path));
        var written = JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "annotations", "instances_train2017.json")))!;
        Assert.Equal(["a.png", "s.png"], written["images"]!.AsArray().Select(image => (string)image!["file_name"]!));
        Assert.Equal([1, 3], written["annotations"]!.AsArray().Select(one => (int)one!["id"]!));
        Assert.Equal(2017, (int)written["info"]!["year"]!);
        Assert.False(DataCheck.Run(Target).HasErrors);
    }

    [Fact]
    public void Run_Persons_CopiesReadableNamesAndPixels()
    {
        foreach (var (part, name) in ((string, string)[])[("bounding_box_train", "0002_c1s1_0.png"), ("bounding_box_train", "photo.png"), ("query", "0007_c10s1_0.png"), ("bounding_box_test", "-1_c1_0.png"), ("bounding_box_test", "0007_c2_0.png")])
        {
            _folder.Write(Picture, part, name);
        }

        _folder.Write([1], "bounding_box_test", "0008_c2_0.png");

        var repair = DataRepair.Run(_folder.Path, Target);

        Assert.Equal(["photo.png", "0008_c2_0.png"], repair.LeftOut.Select(finding => Path.GetFileName(finding.Path)));
        Assert.Equal(4, repair.Copied);
        Assert.Equal(10, PersonDatasetCatalog.Open(PersonDatasetNames.Market1501, Target).Query.Camera(0));
        Assert.False(DataCheck.Run(Target).HasErrors);
    }

    [Fact]
    public void Run_Cuhk03_WritesSplitsWithoutTheOthers()
    {
        _folder.Write(Picture, "images_detected", "a.png");
        _folder.Write([1], "images_detected", "bad.png");
        File.WriteAllText(_folder.File("splits_new_detected.json"), """[{"train": [["x/a.png", 0, 0], ["x/bad.png", 1, 0]], "query": [["a.png", 5, 0], ["gone.png", 5, 0]], "gallery": [["a.png", 5, 1], ["bad.png", 5, 1]], "num_train_pids": 2}]""");

        var repair = DataRepair.Run(_folder.Path, Target);

        Assert.Equal(["bad.png", "gone.png"], repair.LeftOut.Select(finding => Path.GetFileName(finding.Path)));
        Assert.Equal("""[{"train":[["x/a.png",0,0]],"query":[["a.png",5,0]],"gallery":[["a.png",5,1]],"num_train_pids":2}]""", File.ReadAllText(Path.Combine(Target, "splits_new_detected.json")));
        Assert.False(DataCheck.Run(Target).HasErrors);
    }

    [Fact]
    public void Run_Mnist_CopiesWholeFilesOnly()
    {
        DataFiles.WriteMnist(_folder, "");
        var labels = _folder.Write([1, 2, 3], "train-labels-idx1-ubyte");
        var repair = DataRepair.Run(_folder.Path, Target);
        Assert.Contains(repair.LeftOut, finding => finding.Path == labels && finding.Message.EndsWith("The file cannot be repaired: download it again.", StringComparison.Ordinal));
        Assert.True(repair.Copied >= 3);
    }

    [Fact]
    public void Run_BadTargets_AreRefused()
    {
        DataFiles.WriteImageFolder(_folder, "set");
        Directory.CreateSymbolicLink(Path.Combine(_elsewhere.Path, "link"), _folder.Path);
        _elsewhere.Write([1], "full", "x");
        Assert.Equal($"{_folder.Path}/set/copy: lies in {_folder.Path}, or around it, and would mix the copy with the data. Name a folder elsewhere.", Fault($"{_folder.Path}/set/copy"));
        Assert.Contains("would mix the copy with the data", Fault(Path.Combine(_elsewhere.Path, "link", "copy")), StringComparison.Ordinal);
        Assert.Contains("would mix the copy with the data", Fault(Path.GetDirectoryName(_folder.Path)!), StringComparison.Ordinal);
        Assert.Equal($"{_elsewhere.Path}/full: is not empty. Name a new folder.", Fault($"{_elsewhere.Path}/full"));
        Assert.Equal($"{_elsewhere.Path}/none: the folder does not exist. Name the folder of the data.", Assert.Throws<InputException>(() => DataRepair.Run($"{_elsewhere.Path}/none", Target)).Message);
        Assert.Contains("no data set was recognised in it or below", Assert.Throws<InputException>(() => DataRepair.Run($"{_elsewhere.Path}/full", Target)).Message, StringComparison.Ordinal);

        string Fault(string target) => Assert.Throws<InputException>(() => DataRepair.Run(_folder.Path, target)).Message;
    }
}
