using System.Text;
using DcpNas.Protocols.Detection;

namespace DcpNas.Tests.Protocols.Detection;

public sealed class CocoEvaluatorTests
{
    private static readonly BoundingBox Unit = BoundingBox.FromCorner(0, 0, 10, 10);

    [Fact]
    public void Evaluate_WithoutLists_JudgesEverythingThatHasObjects()
    {
        var metrics = CocoEvaluator.Evaluate(null, null, [new GroundTruthBox(4, 9, Unit)], [new DetectionBox(4, 9, Unit, 0.5), new DetectionBox(5, 8, Unit, 0.5)]);

        var category = Assert.Single(metrics.Categories);
        Assert.Equal((9, 1), (category.Category, category.Objects));
        Assert.Equal(1, category.AveragePrecision!.Value, 1e-15);
        Assert.Equal(metrics.AveragePrecision, category.AveragePrecision);
        Assert.NotEqual(1, metrics.AveragePrecision50); // numpy.spacing(1) in the divisor
        Assert.Equal(-1, metrics.AveragePrecisionLarge);
    }

    [Fact]
    public void Thresholds_AreRoundedAsNumPyRounds()
    {
        // Printed by numpy.linspace(.5, .95, 10) and numpy.linspace(0, 1, 101).
        Assert.Equal([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95], CocoRules.Overlaps);
        Assert.Equal([0.29, 0.5700000000000001, 1.0], [CocoRules.Recalls[29], CocoRules.Recalls[57], CocoRules.Recalls[100]]);
    }

    [Fact]
    public void Evaluate_ImageThatIsNotEvaluated_SaysWhichBox() => Assert.Equal(
        "detections[0]: the image must be one of the 2 that are evaluated, got 3. Remove the box, or evaluate its image too.",
        Assert.Throws<InputException>(() => CocoEvaluator.Evaluate([1, 2], [1], [], [new DetectionBox(3, 1, Unit, 1)])).Message);

    [Fact]
    public void FromCorner_WhereASumRounds_KeepsTheArea()
    {
        var box = BoundingBox.FromCorner(10.3, 0, 32, 32);
        Assert.NotEqual(32, box.X2 - box.X1);
        Assert.Equal(1024, box.Area);
    }

    [Fact]
    public void Results_WrittenAndRead_AreTheSame()
    {
        var path = Path.GetTempFileName();
        try
        {
            DetectionBox[] boxes = [new(42, 18, BoundingBox.FromCorner(258.15, 41.29, 348.26, 243.78), 0.236), new(73, 1, BoundingBox.FromCorner(1.0 / 3, 0, 10.1, 1e-7), 1)];
            CocoResults.Write(path, boxes);

            Assert.StartsWith("""[{"image_id":42,"category_id":18,"bbox":[258.15,41.29,348.26,243.78],"score":0.236},""", File.ReadAllText(path));
            Assert.Equal(boxes, CocoResults.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}]""", "r.json: at line 1, [0], expected the keys score but found them missing. ")]
    [InlineData("""[{"image_id": "a", "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}]""", "r.json: at line 1, [0].image_id, expected a number but found a text. ")]
    [InlineData("""[{"image_id": 1, "category_id": 1.5, "bbox": [0, 0, 1, 1], "score": 1}]""", "r.json: at line 1, [0].category_id, expected a whole number but found a number that is none, or too large a one. ")]
    [InlineData("[{\n\"image_id\": 1, \"category_id\": 1, \"bbox\": 5, \"score\": 1}]", "r.json: at line 2, [0].bbox, expected a list of numbers but found another value. ")]
    [InlineData("""[{"image_id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "score": 1}]""", "r.json: at line 1, [0].image_id, expected the key 'image_id' once but found it twice. ")]
    [InlineData("{}", "r.json: at line 1, expected a list but found another value. ")]
    [InlineData("null", "r.json: at line 1, expected a value but found null. ")]
    public void Results_OfAnotherForm_SayWhere(string text, string message) => Assert.Equal(
        message + "Give COCO's results: a list of objects with image_id, category_id, bbox and score.",
        Assert.Throws<InputException>(() => CocoResults.Read(Stream(text), "r.json")).Message);

    [Fact]
    public void Results_WithABoxOfThreeNumbers_SayWhere() => Assert.Equal(
        "r.json: at [0].bbox, expected [x, y, width, height] but found a list of 3. Write four numbers.",
        Assert.Throws<InputException>(() => CocoResults.Read(Stream("""[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1], "score": 1}]"""), "r.json")).Message);

    [Fact]
    public void Results_Cut_AreNotRead() =>
        Assert.StartsWith("r.json: at line 1, [0], expected JSON but found something else (", Assert.Throws<InputException>(() => CocoResults.Read(Stream("""[{"image_id": 1, """), "r.json")).Message);

    [Fact]
    public void Annotations_OfCoco_AreRead()
    {
        var annotations = CocoAnnotations.Read(Stream("""
            {"info": {"year": 2017}, "images": [{"id": 5, "file_name": "a.jpg", "width": 64, "height": 48, "license": 3}],
             "annotations": [{"id": 1, "image_id": 5, "category_id": 2, "segmentation": [[1, 2, 3]], "bbox": [1, 2, 3, 4], "area": 7.5, "iscrowd": 1}],
             "categories": [{"id": 2, "name": "cat", "supercategory": "animal"}]}
            """), "a.json");

        Assert.Equal(new CocoImageEntry(5, "a.jpg", 64, 48), Assert.Single(annotations.Images));
        Assert.Equal(new CocoCategoryEntry(2, "cat"), Assert.Single(annotations.Categories));
        Assert.Equal(new GroundTruthBox(5, 2, BoundingBox.FromCorner(1, 2, 3, 4)) { Area = 7.5, Crowd = true }, Assert.Single(annotations.Objects));
    }

    [Theory]
    [InlineData("[]", """[{"image_id": 5, "category_id": 2, "bbox": [1, 2, 3, 4], "area": 1}]""", "[]", 0, "1 annotation of an image that the file does not list is left out; first in a.json, annotations[0].")]
    [InlineData("""[{"id": 5}]""", """[{"image_id": 5, "category_id": 2, "bbox": [1, 2, 3, 4], "area": 1}]""", "[]", 0, "1 annotation of a category that the file does not list is left out; first in a.json, annotations[0].")]
    [InlineData("""[{"id": 5}, {"id": 5}]""", "[]", "[]", 0, "1 image has an id that one before it has, which is left out as pycocotools does; first in a.json, images[1].")]
    [InlineData("""[{"id": 5}]""", """[{"image_id": 5, "category_id": 2, "bbox": [1, 2, -3, 4], "area": 1}]""", """[{"id": 2}]""", 1, "1 box has a negative size, so that nothing finds it; first in a.json, annotations[0].")]
    [InlineData("""[{"id": 5}]""", """[{"image_id": 5, "category_id": 2, "bbox": [1, 2, 3, 4], "area": 1, "id": 0}]""", """[{"id": 2}]""", 1, "1 annotation has the id 0, which pycocotools takes for none: a detection that finds it counts as wrong; first in a.json, annotations[0].")]
    public void Annotations_ThatPycocotoolsPassesOver_AreCounted(string images, string annotations, string categories, int objects, string note)
    {
        var read = CocoAnnotations.Read(Stream($$"""{"images": {{images}}, "annotations": {{annotations}}, "categories": {{categories}}}"""), "a.json");

        Assert.Equal((objects, note), (read.Objects.Count, Assert.Single(read.Notes)));
    }

    [Fact]
    public void Annotations_WithLargeIdsFractionsOfZeroAndFurtherKeys_AreRead()
    {
        const string Text = """
            {"images": [{"id": 3000000000.0, "width": 64.0}], "categories": [{"id": 4294967297, "keypoints": []}],
             "annotations": [{"id": 1e0, "image_id": 3e9, "category_id": 4294967297, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": true, "ignore": 1}]}
            """;
        foreach (var encoding in (Encoding[])[new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            using var stream = new MemoryStream([.. encoding.GetPreamble(), .. encoding.GetBytes(Text)]);
            var one = Assert.Single(CocoAnnotations.Read(stream, "a.json").Objects);
            Assert.Equal((3000000000, 4294967297, true), (one.Image, one.Category, one.Crowd));
        }
    }

    [Fact]
    public void Evaluate_DetectionOfNegativeSize_CountsOnlyWhereItsAreaIsInTheRange()
    {
        // An area of -100 lies outside of every range: the detection counts neither way. That of two negative sides is 100: it is wrong.
        GroundTruthBox[] objects = [new(1, 1, Unit)];
        DetectionBox found = new(1, 1, Unit, 0.5);
        Assert.Equal(1, CocoEvaluator.Evaluate([1], [1], objects, [found, new DetectionBox(1, 1, BoundingBox.FromCorner(30, 30, -10, 10), 0.9)]).AveragePrecision, 1e-12);
        Assert.Equal(0.5, CocoEvaluator.Evaluate([1], [1], objects, [found, new DetectionBox(1, 1, BoundingBox.FromCorner(30, 30, -10, -10), 0.9)]).AveragePrecision, 1e-12);
    }

    [Fact]
    public void Read_MissingFile_SaysWhatToName() => Assert.Equal(
        "/nowhere/r.json: the file cannot be read (Could not find a part of the path '/nowhere/r.json'). Name a COCO results file.",
        Assert.Throws<InputException>(() => CocoResults.Read("/nowhere/r.json")).Message);

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
