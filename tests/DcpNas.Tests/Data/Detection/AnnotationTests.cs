using System.Text;
using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Tasks.Detection;

namespace DcpNas.Tests.Data.Detection;

/// <summary>Readers of PASCAL VOC and COCO on good, odd and broken folders.</summary>
public class AnnotationTests
{
    [Fact]
    public void Voc_OfTwoYears_ReadsTrainvalOfBothAndTestOfOne()
    {
        using var folder = new TempFolder();
        Voc(folder, "VOC2007", ("a", Objects(("cat", 2, 3, 10, 12, true))), ("b", Objects(("dog", 1, 1, 5, 5, false))));
        Voc(folder, "VOC2012", ("c", Objects(("person", 4, 4, 20, 16, false), ("car", 1, 1, 3, 3, false))));
        Text(folder, "a\n", "VOC2007", "ImageSets", "Main", "trainval.txt");
        Text(folder, "b\n", "VOC2007", "ImageSets", "Main", "test.txt");
        Text(folder, "c\n", "VOC2012", "ImageSets", "Main", "trainval.txt");
        var pair = DetectionDatasetCatalog.Open("voc", folder.Path);
        Assert.Equal((2, 1, 20), (pair.Train.Count, pair.Test.Count, pair.Train.ClassNames.Count));
        Assert.Equal(new LabelledBox(7, 1, 2, 10, 12) { Difficult = true }, Assert.Single(pair.Train.Boxes(0)));
        Assert.Equal(["person", "car"], pair.Train.Boxes(1).Select(box => pair.Train.ClassNames[box.Class]));
        Assert.Equal(("b.png", 24, 16), (pair.Test.ImageName(0), pair.Test.Size(0).Width, pair.Test.Size(0).Height));
        Assert.Equal(24, pair.Test.Read(0).Width);
        Assert.Empty(pair.Notes);
    }

    [Fact]
    public void Voc_WithoutATestList_HoldsImagesOutAndSaysSo()
    {
        using var folder = new TempFolder();
        Voc(folder, "x", [.. Enumerable.Range(0, 10).Select(i => ($"i{i}", Objects(("thing", 2, 2, 8, 8, false))))]);
        var pair = DetectionDatasetCatalog.Open("voc", folder.Path, new DetectionDatasetOptions { TestShare = 0.2 });
        Assert.Equal((8, 2), (pair.Train.Count, pair.Test.Count));
        Assert.Equal(["thing"], pair.Train.ClassNames);
        Assert.Equal($"PASCAL VOC layout, {Path.GetFileName(folder.Path)} (2 of its 10 training images held out as test images)", pair.Name);
        Assert.Equal(10, Enumerable.Range(0, 8).Select(pair.Train.ImageName).Concat(Enumerable.Range(0, 2).Select(pair.Test.ImageName)).Distinct().Count());
    }

    [Theory]
    [InlineData("voc")]
    [InlineData("coco")]
    public void Kind_OfARenamedFolder_StaysTheSame(string dataset)
    {
        using var folder = new TempFolder();
        Voc(folder, "voc", ("a", Objects(("cat", 2, 3, 10, 12, true), ("cat", 2, 3, 10, 12, false))), ("b", Objects(("cat", 1, 1, 5, 5, false))));
        Coco(folder, "train2017", _ => { });
        Directory.CreateDirectory(Path.Combine(folder.Path, "coco"));
        foreach (var part in (string[])["annotations", "train2017"])
        {
            Directory.Move(Path.Combine(folder.Path, part), Path.Combine(folder.Path, "coco", part));
        }

        var before = DetectionDatasetCatalog.Open(dataset, Path.Combine(folder.Path, dataset)).Train;
        Directory.Move(Path.Combine(folder.Path, dataset), Path.Combine(folder.Path, "moved"));
        var after = DetectionDatasetCatalog.Open(dataset, Path.Combine(folder.Path, "moved")).Train;
        Assert.EndsWith("moved", after.Name.Split(" (")[0], StringComparison.Ordinal);
        Assert.NotEqual(before.Name, after.Name);
        Assert.Equal((before.Kind, before.Count), (after.Kind, after.Count));
    }

    [Fact]
    public void Voc_NameTwiceInAList_IsRefused()
    {
        using var folder = new TempFolder();
        Voc(folder, "x", ("a", Objects(("cat", 2, 2, 8, 8, false))), ("b", Objects(("cat", 2, 2, 8, 8, false))));
        Text(folder, "a 1\nb\n\na\n", "x", "ImageSets", "Main", "trainval.txt");
        Assert.Equal($"{Path.Combine(folder.Path, "x", "ImageSets", "Main", "trainval.txt")}: at line 4, expected a name of its own but found 'a', which stands in line 1 too. Delete one of the two lines.",
            Fault("voc", folder.Path));
    }

    [Fact]
    public void Voc_ImageInBothLists_IsNoted()
    {
        using var folder = new TempFolder();
        Voc(folder, "x", [.. Enumerable.Range(0, 4).Select(i => ($"i{i}", Objects(("cat", 2, 2, 8, 8, false))))]);
        Text(folder, "i2\ni3\n", "x", "ImageSets", "Main", "test.txt");
        var pair = DetectionDatasetCatalog.Open("voc", folder.Path);
        Assert.Equal([$"2 test images are training images too, so that results say nothing about new images; first in {Path.Combine(folder.Path, "x", "Annotations", "i2.xml")}."], pair.Notes);
        using var bound = new DetectOptions { FeatureLevels = 2, ExtraLevels = 0, AnchorsPerLocation = 1, BatchSize = 2, Workers = 0, ImageSize = 32 }.Bind(pair, TorchSharp.torch.CPU);
        Assert.Equal(pair.Notes, bound.Warnings);
    }

    [Fact]
    public void Voc_OddBoxes_AreCutOffOrLeftOutAndCounted()
    {
        using var folder = new TempFolder();
        Voc(folder, "x", ("a", Objects(("cat", 10, 10, 90, 12, false), ("cat", 30, 30, 40, 40, false), ("cat", 5, 5, 4, 4, false))), ("b", Objects(("cat", 2, 2, 8, 8, false))));
        Text(folder, "b", "x", "ImageSets", "Main", "trainval.txt");
        Text(folder, "a", "x", "ImageSets", "Main", "test.txt");
        var pair = DetectionDatasetCatalog.Open("voc", folder.Path);
        Assert.Equal(new LabelledBox(7, 9, 9, 24, 12), Assert.Single(pair.Test.Boxes(0)));
        var annotation = Path.Combine(folder.Path, "x", "Annotations", "a.xml");
        Assert.Equal([$"1 box that reaches beyond its image is cut off at its border; first in {annotation}.", $"2 boxes without a pixel in their image are left out; first in {annotation}."], pair.Notes);
    }

    [Theory]
    [InlineData("<annotation><size>", "a.xml: at line 1, expected well-formed XML but found ")]
    [InlineData("<annotation><object/></annotation>", "a.xml: at line 1, expected an element <size> in <annotation> but found none.")]
    [InlineData("<annotation><size><width>24</width><height>x</height></size></annotation>", "a.xml: at line 1, expected a number in <height> but found 'x'.")]
    [InlineData("<annotation><size><width>0</width><height>16</height></size></annotation>", "a.xml: at size, expected a width and a height of at least 1 but found 0 x 16.")]
    [InlineData("<annotation><size><width>24</width><height>16</height></size>\n<object><name>cat</name></object></annotation>", "a.xml: at line 2, expected an element <bndbox> in <object> but found none.")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><annotation>&b;</annotation>", ", expected well-formed XML but found For security reasons DTD is prohibited")]
    public void Voc_BrokenAnnotation_IsNamed(string xml, string message)
    {
        using var folder = new TempFolder();
        Voc(folder, "x", ("a", xml), ("b", Objects(("cat", 2, 2, 8, 8, false))));
        Assert.Contains(message, Fault("voc", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Voc_MissingPieces_AreNamed()
    {
        using var folder = new TempFolder();
        Assert.Contains("no such data in it or below (expected VOC2007/Annotations/*.xml, VOC2007/ImageSets/Main/*.txt). Name the folder", Fault("voc", folder.Path), StringComparison.Ordinal);
        Voc(folder, "x", ("a", Objects()), ("b", Objects()));
        Assert.EndsWith($"{Path.GetFileName(folder.Path)}: no training image has an object. Add annotations, or name another folder.", Fault("voc", folder.Path), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder.Path, "x", "JPEGImages", "b.png"));
        Assert.Contains("b.png: there is no such image, but ", Fault("voc", folder.Path), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder.Path, "x", "Annotations", "a.xml"));
        Assert.Contains("a.xml: there is no such annotation, but ", Fault("voc", folder.Path), StringComparison.Ordinal);
        Text(folder, "\n", "x", "ImageSets", "Main", "trainval.txt");
        Assert.EndsWith("trainval.txt: the list names no image. Add names, or delete the list.", Fault("voc", folder.Path), StringComparison.Ordinal);
        Assert.Equal("Unknown data set 'pets'. Known data sets with boxes: synthetic, voc, coco.", Fault("pets", folder.Path));
    }

    [Theory]
    [InlineData("holiday photo 1", "holiday photo 1")]
    [InlineData("  holiday photo 1 \r", "holiday photo 1")]
    [InlineData("img", "img")]
    [InlineData("img copy", "img copy")] // although img is there too
    [InlineData("img 1", "img 1")]
    [InlineData("img  -1", "img")] // a list per class marks its images; no file has that name
    [InlineData("img\t0", "img")]
    [InlineData("caf\u00e9 2", "cafe\u0301 2")] // the disk has the other form
    public void Voc_NameOnAList_IsTheWholeLine(string line, string read)
    {
        using var folder = new TempFolder();
        Voc(folder, "x", [.. ((string[])["holiday photo 1", "img", "img copy", "img 1", "cafe\u0301 2"]).Select(name => (name, Objects(("cat", 2, 2, 8, 8, false)))), ("z", Objects(("cat", 2, 2, 8, 8, false)))]);
        Text(folder, $"{line}\nz\n", "x", "ImageSets", "Main", "trainval.txt");
        Text(folder, "z", "x", "ImageSets", "Main", "test.txt");
        Assert.Equal($"{read}.png", DetectionDatasetCatalog.Open("voc", folder.Path).Train.ImageName(0));
    }

    [Fact]
    public void Voc_ListInOtherEncodings_IsReadOrNamed()
    {
        using var folder = new TempFolder();
        Voc(folder, "x", ("caf\u00e9", Objects(("cat", 2, 2, 8, 8, false))), ("b", Objects(("cat", 2, 2, 8, 8, false))));
        foreach (var encoding in (Encoding[])[new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            folder.Write([.. encoding.GetPreamble(), .. encoding.GetBytes("caf\u00e9\r\nb\r\n")], "x", "ImageSets", "Main", "trainval.txt");
            Assert.Equal(2, DetectionDatasetCatalog.Open("voc", folder.Path) is var pair ? pair.Train.Count + pair.Test.Count : 0);
        }

        var list = folder.Write(Encoding.Latin1.GetBytes("b\ncaf\u00e9\n"), "x", "ImageSets", "Main", "trainval.txt");
        Assert.Equal($"{list}: at line 2, expected text in UTF-8 but found the byte 0xe9. Convert the file to UTF-8: iconv -f latin1 -t utf-8, with the encoding that it has.", Fault("voc", folder.Path));
    }

    [Fact]
    public void Voc_NameInOtherCase_SaysSo()
    {
        using var folder = new TempFolder();
        Voc(folder, "x", ("IMG", Objects(("cat", 2, 2, 8, 8, false))));
        Text(folder, "img", "x", "ImageSets", "Main", "trainval.txt");
        Assert.Contains("img.xml: there is no such annotation, but ", Fault("voc", folder.Path), StringComparison.Ordinal);
        Assert.EndsWith("trainval.txt, line 1 names it. There is 'IMG.xml', whose name differs in upper and lower case. Add the file, or correct the list.", Fault("voc", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Voc_ClassInTwoFormsOfUnicode_IsOneClass()
    {
        using var folder = new TempFolder();
        Voc(folder, "x", ("a", Objects(("caf\u00e9", 2, 2, 8, 8, false), ("cafe\u0301", 3, 3, 8, 8, false))), ("b", Objects(("cafe\u0301", 2, 2, 8, 8, false))));
        Text(folder, "a", "x", "ImageSets", "Main", "trainval.txt");
        Text(folder, "b", "x", "ImageSets", "Main", "test.txt");
        var pair = DetectionDatasetCatalog.Open("voc", folder.Path);
        Assert.Equal((1, 2, 1), (pair.Train.ClassNames.Count, pair.Train.Boxes(0).Count, pair.Test.Boxes(0).Count));
        Assert.Empty(pair.Notes);
    }

    [Fact]
    public void Voc_ObjectWithThreeBoxes_IsThreeObjects()
    {
        using var folder = new TempFolder();
        const string Box = "<bndbox><xmin>2</xmin><ymin>2</ymin><xmax>8</xmax><ymax>8</ymax></bndbox>";
        var three = $"<annotation><size><width>24</width><height>16</height></size><object><name>cat</name><difficult>0</difficult>{Box}{Box.Replace("8", "9", StringComparison.Ordinal)}<part><name>head</name>{Box}</part>{Box}</object></annotation>";
        Voc(folder, "x", ("a", three), ("b", three));
        var train = DetectionDatasetCatalog.Open("voc", folder.Path).Train;
        Assert.Equal([8, 9, 8], train.Boxes(0).Select(box => box.Right));
        Assert.All(train.Boxes(0), box => Assert.Equal("cat", train.ClassNames[box.Class]));
    }

    [Theory]
    [InlineData("<name>cat</name>", "<name>cat</name><name>dog</name>", "one element <name> in <object> but found a second one.")]
    [InlineData("<xmin>2</xmin>", "<xmin>2</xmin><xmin>3</xmin>", "one element <xmin> in <bndbox> but found a second one.")]
    [InlineData("<object>", "<size><width>3</width><height>3</height></size><object>", "one element <size> in <annotation> but found a second one.")]
    [InlineData("<object>", "<filename>c.png</filename><object>", "one element <filename> in <annotation> but found a second one.")]
    public void Voc_ElementTwice_IsRefused(string once, string twice, string message)
    {
        using var folder = new TempFolder();
        var xml = Objects(("cat", 2, 2, 8, 8, false));
        Voc(folder, "x", ("a", xml.Replace(once, twice, StringComparison.Ordinal)), ("b", xml));
        Assert.Contains($"a.xml: at line 1, expected {message}", Fault("voc", folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("voc", "of 3, 0 are crowds, 3 are difficult, 0 are without a pixel")]
    [InlineData("coco", "of 2, 1 are crowds, 0 are difficult, 1 are without a pixel")]
    public void Train_WithoutAnObjectToLearn_IsRefusedByTrainingAndCheck(string dataset, string kinds)
    {
        using var folder = new TempFolder();
        Voc(folder, "x", ("a", Objects(("cat", 2, 2, 8, 8, true), ("cat", 2, 2, 8, 8, true))), ("b", Objects(("cat", 2, 2, 8, 8, true))));
        Coco(folder, "train2017", json => json["annotations"]![0]!["bbox"]![2] = 0);
        var message = $"no training image has an object that is learned: {kinds}. Mark objects that are to be learned as neither, or name another folder.";
        Assert.EndsWith(message, Fault(dataset, folder.Path), StringComparison.Ordinal);
        Assert.Contains(message, Assert.Single(DataCheck.Run(folder.Path).Datasets.Single(data => data.Kind == dataset).Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_WithoutAnObjectThatIsDemanded_IsNoted()
    {
        using var folder = new TempFolder();
        Coco(folder, "train2017", _ => { });
        Coco(folder, "val2017", json => json["annotations"]![0]!["iscrowd"] = 1);
        Assert.Equal(
            ["No test image has an object that is demanded (of 2, 2 are crowds, 0 are difficult, 0 are without a pixel): average precision is undefined there (-1)."],
            DetectionDatasetCatalog.Open("coco", folder.Path).Notes);
    }

    [Fact]
    public void Coco_OfBothSplits_ReadsBoxesCrowdsAreasAndIds()
    {
        using var folder = new TempFolder();
        Coco(folder, "train2017", json => { });
        Coco(folder, "val2017", json => json["annotations"]!.AsArray().RemoveAt(0));
        var pair = DetectionDatasetCatalog.Open("coco", folder.Path);
        Assert.Equal(["cat", "dog"], pair.Train.ClassNames);
        Assert.Equal([17, 90], pair.Train.CategoryIds);
        Assert.Equal([3L, 40], [pair.Train.ImageId(0), pair.Train.ImageId(1)]);
        Assert.Equal(
            [
                new LabelledBox(1, 1.5, 2, 11.5, 8) { ObjectArea = 44.5, Annotated = new AnnotatedBox(1.5, 2, 10, 6) },
                new LabelledBox(0, 0, 0, 5, 5) { Crowd = true, ObjectArea = 20, Annotated = new AnnotatedBox(0, 0, 5, 5) },
            ],
            pair.Train.Boxes(1));
        Assert.Equal((0, 1), (pair.Train.Boxes(0).Count, pair.Test.Boxes(1).Count));
    }

    [Theory]
    [InlineData("no image", "gone.png: there is no such image, but ")]
    [InlineData("escape", "at images[0].file_name, expected a name within ")]
    [InlineData("box", "at annotations[0].bbox, expected left, top, width and height but found [1,2].")]
    [InlineData("number", "at annotations[0].bbox[2], expected a number but found \"x\".")]
    [InlineData("no list", "at annotations, expected an array but found none.")]
    [InlineData("no images", "at images, expected at least one image but found none.")]
    [InlineData("size", "at images[0], expected a width and a height of at least 1 but found -4 x 16.")]
    [InlineData("nothing", "no training image has an object.")]
    public void Coco_BrokenFile_SaysWhere(string fault, string message)
    {
        using var folder = new TempFolder();
        using var elsewhere = new TempFolder();
        var outside = elsewhere.Write(Picture(), "outside.png");
        Coco(folder, "train2017", json =>
        {
            var (images, boxes) = (json["images"]!.AsArray(), json["annotations"]!.AsArray());
            switch (fault)
            {
                case "no image":
                    images[0]!["file_name"] = "gone.png";
                    break;
                case "escape":
                    images[0]!["file_name"] = $"../../{Path.GetFileName(elsewhere.Path)}/{Path.GetFileName(outside)}";
                    break;
                case "box":
                    boxes[0]!["bbox"] = new JsonArray(1, 2);
                    break;
                case "number":
                    boxes[0]!["bbox"]![2] = "x";
                    break;
                case "no list":
                    json.Remove("annotations");
                    break;
                case "no images":
                    json["images"] = new JsonArray();
                    break;
                case "size":
                    images[0]!["width"] = -4;
                    break;
                default:
                    json["annotations"] = new JsonArray();
                    break;
            }
        });
        Assert.Contains(message, Fault("coco", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Coco_WhatPycocotoolsPassesOver_IsCounted()
    {
        using var folder = new TempFolder();
        Coco(folder, "train2017", json =>
        {
            json["images"]!.AsArray().Insert(0, JsonNode.Parse("""{"id": 3.0, "file_name": "b.png", "width": 24.0, "height": 16.0}"""));
            json["categories"]!.AsArray().Add(JsonNode.Parse("""{"id": 5000000000, "name": "far"}"""));
            foreach (var one in (string[])
                [
                    """{"image_id": 77, "category_id": 17, "bbox": [0, 0, 5, 5]}""", """{"image_id": 3, "category_id": 18, "bbox": [0, 0, 5, 5]}""",
                    """{"image_id": 3.0, "category_id": 5e9, "bbox": [9, 9, -5, 5], "area": 25, "iscrowd": false, "ignore": 1}""", """{"image_id": 3, "category_id": 17, "bbox": [0, 0, 5, 5], "id": 0}""",
                ])
            {
                json["annotations"]!.AsArray().Add(JsonNode.Parse(one));
            }
        });
        Coco(folder, "val2017", json => json["categories"]!.AsArray().Add(JsonNode.Parse("""{"id": 5000000000, "name": "far"}""")));
        var (pair, file) = (DetectionDatasetCatalog.Open("coco", folder.Path), folder.File("annotations", "instances_train2017.json"));
        Assert.Equal([17, 90, 5000000000], pair.Train.CategoryIds);
        Assert.Equal(2, pair.Train.Count);
        Assert.Equal(
            [
                new LabelledBox(2, 9, 9, 9, 9) { ObjectArea = 25, Annotated = new AnnotatedBox(9, 9, -5, 5) },
                new LabelledBox(0, 0, 0, 5, 5) { ObjectArea = 25, Annotated = new AnnotatedBox(0, 0, 5, 5, IsZero: true) },
            ],
            pair.Train.Boxes(0));
        Assert.False(pair.Train.Boxes(0)[0].IsTarget);
        Assert.Equal(
            [
                $"1 annotation has the id 0, which pycocotools takes for none: a detection that finds it counts as wrong; first in {file}, annotations[5].",
                $"1 annotation of a category that its file does not list is left out; first in {file}, annotations[3].",
                $"1 annotation of an image that its file does not list is left out; first in {file}, annotations[2].",
                $"1 box without a pixel in its image is not learned, but judged as pycocotools does; first in {file}, annotations[4].",
                $"1 image has an id that one before it has, which is left out as pycocotools does; first in {file}, images[2].",
            ],
            pair.Notes);
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("../train2017/a.png")]
    [InlineData("train2017/a.png")]
    [InlineData("sub\\c.png")]
    [InlineData("sub/cafe\u0301.png")]
    public void Coco_NameWithinTheData_IsFound(string name)
    {
        using var folder = new TempFolder();
        folder.Write(Picture(), "train2017", "sub", "c.png");
        folder.Write(Picture(), "train2017", "sub", "caf\u00e9.png");
        Coco(folder, "train2017", json => json["images"]![0]!["file_name"] = name == "absolute" ? folder.File("train2017", "a.png") : name);
        Coco(folder, "val2017", _ => { });
        Assert.Equal(24, DetectionDatasetCatalog.Open("coco", folder.Path).Train.Read(1).Width);
    }

    [Fact]
    public void Coco_OtherCategoriesInVal_NamesTheFirst()
    {
        using var folder = new TempFolder();
        Coco(folder, "train2017", _ => { });
        Coco(folder, "val2017", json => json["categories"]![0]!["name"] = "cow");
        Assert.EndsWith("instances_val2017.json: at categories, expected the 2 categories of instances_train2017.json but found 2 others: number 2 is 'dog' there and 'cow' here. Give both files the same categories, in the order of their ids.",
            Fault("coco", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Coco_InOtherFormsOfUnicode_IsRead()
    {
        using var folder = new TempFolder();
        Coco(folder, "train2017", _ => { });
        var path = folder.File("annotations", "instances_train2017.json");
        var text = File.ReadAllText(path);
        foreach (var encoding in (Encoding[])[new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, new UnicodeEncoding(false, false), Encoding.UTF32])
        {
            File.WriteAllText(path, text, encoding);
            Assert.Equal(2, DetectionDatasetCatalog.Open("coco", folder.Path).Train.ClassNames.Count);
        }
    }

    [Fact]
    public void Coco_NoJson_SaysTheLine()
    {
        using var folder = new TempFolder();
        Text(folder, "{\n\"images\": [,", "annotations", "instances_train2017.json");
        Assert.Contains("instances_train2017.json: at line 2, byte ", Fault("coco", folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ImageOfAnotherSize_IsRefused()
    {
        using var folder = new TempFolder();
        Coco(folder, "train2017", json => json["images"]![0]!["width"] = 25);
        var pair = DetectionDatasetCatalog.Open("coco", folder.Path);
        var messages = Enumerable.Range(0, 1).SelectMany(_ => new[] { pair.Train, pair.Test }).Select(images => Record.Exception(() => images.Read(0))?.Message).OfType<string>();
        Assert.Contains("expected 25 x 16 pixels, as its annotation says but found 24 x 16.", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Development_Coco128_ReadsAlikeInBothLayouts()
    {
        var folder = RealData.Folder("coco128");
        var (coco, voc) = (DetectionDatasetCatalog.Open("coco", folder), DetectionDatasetCatalog.Open("voc", folder));
        Assert.Equal((128, 128), (coco.Train.Count + coco.Test.Count, voc.Train.Count + voc.Test.Count));
        Assert.Equal(13, coco.Test.Count);
        var byName = Enumerable.Range(0, voc.Train.Count).ToDictionary(voc.Train.ImageName);
        var (same, compared) = (0, 0);
        for (var index = 0; index < coco.Train.Count; index++)
        {
            if (!byName.TryGetValue(coco.Train.ImageName(index), out var other))
            {
                continue;
            }

            Assert.Equal(coco.Train.Size(index), voc.Train.Size(other));
            foreach (var box in coco.Train.Boxes(index).Where(box => !box.Crowd))
            {
                compared++;
                same += voc.Train.Boxes(other).Any(near => voc.Train.ClassNames[near.Class] == coco.Train.ClassNames[box.Class]
                    && Math.Abs(near.Left - box.Left) <= 1.5 && Math.Abs(near.Top - box.Top) <= 1.5 && Math.Abs(near.Right - box.Right) <= 1.5 && Math.Abs(near.Bottom - box.Bottom) <= 1.5) ? 1 : 0;
            }
        }

        Assert.True(compared > 600);
        Assert.InRange(same, 0.95 * compared, compared);
        Assert.Equal(coco.Train.Size(0).Width, coco.Train.Read(0).Width);
    }

    [Fact]
    public void DataCheck_OfVocAndCoco_ReadsAnnotationsAndDecodesEveryImage()
    {
        using var folder = new TempFolder();
        Voc(folder, "v/VOC2007", ("a", Objects(("cat", 2, 3, 10, 12, false), ("cat", 3, 3, 10, 12, false))), ("b", Objects(("dog", 1, 1, 90, 5, false))));
        Text(folder, "b\n", "v/VOC2007", "ImageSets", "Main", "test.txt");
        Text(folder, "a\n", "v/VOC2007", "ImageSets", "Main", "trainval.txt");
        Coco(folder, "train2017", json => { });
        var report = DataCheck.Run(folder.Path);
        Assert.False(report.HasErrors);
        Assert.Equal(["coco", "voc"], report.Datasets.Select(data => data.Kind));
        var (coco, voc) = (report.Datasets[0], report.Datasets[1]);
        Assert.Equal([1, 1], coco.Splits[0].PerClass);
        Assert.Equal((2, 0), (coco.Splits[0].Count, coco.Splits[1].Count));
        Assert.Equal((1, 1, 1, 1), (voc.Splits[0].Count, voc.Splits[1].Count, voc.Splits[0].PerClass[7], voc.Splits[1].PerClass[11]));
        Assert.Equal([FindingSeverity.Warning, FindingSeverity.Warning], voc.Findings.Select(finding => finding.Severity)); // a box cut off; both lists hold the same picture
        Assert.Equal([new KeyValuePair<string, int>("24 x 16", 2)], voc.ImageSizes);

        var bad = folder.Write([1, 2, 3], "v/VOC2007", "JPEGImages", "b.png");
        folder.Write(BoxPicture.Png(new PixelImage(20, 16, new byte[20 * 16 * 3]), []), "train2017", "a.png");
        report = DataCheck.Run(folder.Path);
        Assert.Equal(
            [$"{folder.File("train2017", "a.png")}: at its size, expected 24 x 16 pixels, as its annotation says but found 20 x 16.", $"{bad}: at its start, expected a JPEG, PNG, WebP or BMP image but found data"],
            report.Datasets.SelectMany(data => data.Findings).Where(finding => finding.Severity == FindingSeverity.Error)
                .Select(finding => $"{finding.Path}: {finding.Message}").Select(text => text[..(text.IndexOf("but found", StringComparison.Ordinal) + (text.Contains("20 x", StringComparison.Ordinal) ? 18 : 14))]));
        Text(folder, "a\na\n", "v/VOC2007", "ImageSets", "Main", "trainval.txt");
        Assert.Contains("expected a name of its own", DataCheck.Run(folder.Path).Datasets[1].Findings.Single().Message, StringComparison.Ordinal);
    }

    private static string Fault(string name, string folder) => Assert.Throws<InputException>(() => DetectionDatasetCatalog.Open(name, folder)).Message;

    private static string Objects(params (string Name, int Left, int Top, int Right, int Bottom, bool Difficult)[] objects) =>
        $"<annotation><size><width>24</width><height>16</height><depth>3</depth></size>{string.Concat(objects.Select(one => $"<object><name>{one.Name}</name><difficult>{(one.Difficult ? 1 : 0)}</difficult><bndbox><xmin>{one.Left}</xmin><ymin>{one.Top}</ymin><xmax>{one.Right}</xmax><ymax>{one.Bottom}</ymax></bndbox></object>"))}</annotation>";

    private static void Voc(TempFolder folder, string year, params (string Name, string Xml)[] images)
    {
        foreach (var (name, xml) in images)
        {
            Text(folder, xml.Replace("<annotation>", $"<annotation><filename>{name}.png</filename>", StringComparison.Ordinal), year, "Annotations", $"{name}.xml");
            folder.Write(Picture(), year, "JPEGImages", $"{name}.png");
        }

        Text(folder, string.Join('\n', images.Select(image => image.Name)), year, "ImageSets", "Main", "trainval.txt");
    }

    private static void Coco(TempFolder folder, string split, Action<JsonObject> change)
    {
        var json = JsonNode.Parse("""
            {
              "images": [{"id": 40, "file_name": "b.png", "width": 24, "height": 16}, {"id": 3, "file_name": "a.png", "width": 24, "height": 16}],
              "categories": [{"id": 90, "name": "dog"}, {"id": 17, "name": "cat"}],
              "annotations": [
                {"image_id": 40, "category_id": 90, "bbox": [1.5, 2, 10, 6], "area": 44.5, "iscrowd": 0},
                {"image_id": 40, "category_id": 17, "bbox": [0, 0, 5, 5], "area": 20, "iscrowd": 1}
              ]
            }
            """)!.AsObject();
        change(json);
        Text(folder, json.ToJsonString(), "annotations", $"instances_{split}.json");
        folder.Write(Picture(), split, "a.png");
        folder.Write(Picture(), split, "b.png");
    }

    private static byte[] Picture() => BoxPicture.Png(new PixelImage(24, 16, new byte[24 * 16 * 3]), []);

    private static void Text(TempFolder folder, string text, params string[] parts) => folder.Write(Encoding.UTF8.GetBytes(text), parts);
}
