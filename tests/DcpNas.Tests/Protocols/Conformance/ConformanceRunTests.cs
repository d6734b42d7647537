using System.Text;
using DcpNas.Protocols.Conformance;

namespace DcpNas.Tests.Protocols.Conformance;

public sealed class ConformanceRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dcpnas").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> GoldenCases => [.. CaseFiles.Golden().Select(file => file.Source)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Judge_GoldenCase_Agrees(string source)
    {
        var outcome = ConformanceRun.Judge(CaseFiles.Golden().Single(file => file.Source == source).Case, source);

        Assert.Equal(source, outcome.Name + ".json");
        Assert.True(outcome.Why.Length > 40);
        Assert.All(outcome.Measures, measure => Assert.True(measure.Agrees, measure.ToString()));
    }

    [Fact]
    public void Golden_CoversEveryProtocol() => Assert.Equal(
        [("coco", 16), ("re_identification", 12), ("voc", 11)],
        CaseFiles.Golden().GroupBy(file => file.Case.Input(file.Source).Protocol).Select(group => (group.Key, group.Count())).OrderBy(pair => pair.Key, StringComparer.Ordinal));

    [Fact]
    public void Execute_AThousandRandomCases_Agree()
    {
        var report = ConformanceRun.Execute(new ConformanceOptions(), Token);

        Assert.Equal((3039, 3039), (report.Agreed, report.Total));
        Assert.All(report.Random, protocol => Assert.Equal(1000, protocol.Cases));
        Assert.Equal([6000, 12000], [report.Random[0].Numbers, report.Random[2].Numbers]);
    }

    [Fact]
    public void RandomCases_HoldWhatTheProtocolsAreAbout()
    {
        var persons = Enumerable.Range(0, 1000).Select(number => (ReIdentificationCase)RandomCases.Create("re_identification", number)).ToList();
        Assert.Contains(persons, one => one.ReRanking is not null && one.Draws is not null);
        Assert.Contains(persons, one => one.Pool is not null);
        Assert.Contains(persons, one => one.Gallery.Any(image => image.Identity == -1) && one.Gallery.Any(image => image.Identity == 0));
        Assert.Contains(persons, one => one.Gallery.Length > 100);
        var detections = Enumerable.Range(0, 1000).Select(number => (CocoCase)RandomCases.Create("coco", number)).ToList();
        Assert.Contains(detections, one => one.Annotations.Annotations.Any(box => box.IsCrowd == 1));
        Assert.Contains(detections, one => one.Annotations.Annotations.Length == 0);
        Assert.Contains(detections, one => one.Results.Length == 0);
        Assert.Contains(detections, one => one.Results.GroupBy(box => (box.ImageId, box.CategoryId)).Any(group => group.Count() > 100));

        // Not all the same number: the cases tell right from wrong.
        Assert.True(persons.Take(100).Select(one => one.Evaluate("")[4].Value).Distinct().Count() > 30);
        Assert.True(detections.Take(100).Select(one => one.Evaluate("")[0].Value).Distinct().Count() > 30);
    }

    [Fact]
    public void Judge_WrongExpectation_IsFound()
    {
        var one = CaseFiles.Golden().Single(file => file.Case.Name == "reid-ties").Case;
        var altered = one with { Expected = new SortedDictionary<string, double> { ["mAP"] = (7.0 / 12) + 1e-9, ["mINP"] = 2.0 / 3 } };
        var outcome = ConformanceRun.Judge(altered, "x");

        Assert.False(outcome.Agrees);
        Assert.Equal([false, true], outcome.Measures.Select(measure => measure.Agrees));
    }

    [Fact]
    public void Write_ThenExecute_JudgesTheSameCases()
    {
        var paths = ConformanceRun.Write(_folder, new ConformanceOptions { Random = 3 });
        var report = ConformanceRun.Execute(new ConformanceOptions { Cases = _folder, Random = 0 }, Token);

        Assert.Equal(39 + 9, paths.Count);
        Assert.Equal((48, 48), (report.Agreed, report.Total));
        Assert.Empty(report.Random);
        Assert.Contains("\"feature\": [0]", File.ReadAllText(Path.Combine(_folder, "reid-ties.json")));
    }

    [Theory]
    [InlineData("{", "x.json: at line 1, expected JSON but found something else (")]
    [InlineData("""{"format": "dcpnas-conformance-1"}""", "x.json: at line 1, expected the keys name, why, expected but found them missing. ")]
    [InlineData("""{"format": "other", "name": "a", "why": "b", "expected": {"mAP": 1}}""", "x.json: at format, expected 'dcpnas-conformance-1' but found 'other'. Give a case file of this version.")]
    [InlineData("""{"format": "dcpnas-conformance-1", "name": "a", "why": "b", "expected": {"mAP": 1}}""", "x.json: at line 1, expected exactly one of the keys re_identification, voc, coco but found none. Give each protocol a file of its own.")]
    [InlineData("""{"format": "dcpnas-conformance-1", "name": "a", "why": "b", "expected": {"mAP": 1}, "vocc": {}}""", "x.json: at line 1, vocc, expected only known keys but found 'vocc'. ")]
    [InlineData(
        """{"format": "dcpnas-conformance-1", "name": "a", "why": "b", "expected": {"map": 1}, "re_identification": {"distance": "cosine", "queries": [], "gallery": []}}""",
        "x.json: at expected, expected only rank_1, rank_5, rank_10, rank_20, mAP, mINP but found 'map'. Remove it. Did you mean 'mAP'?")]
    [InlineData(
        """{"format": "dcpnas-conformance-1", "name": "a", "why": "b", "expected": {"mAP": 1}, "re_identification": {"distance": "manhattan", "queries": [], "gallery": []}}""",
        "x.json: at line 1, re_identification.distance, expected one of squared_euclidean, cosine but found another value. ")]
    [InlineData(
        """{"format": "dcpnas-conformance-1", "name": "a", "why": "b", "expected": {"mAP": 1}, "re_identification": {"distance": "cosine", "queries": [], "gallery": [], "measure_names": ["mAP"]}}""",
        "x.json: at line 1, re_identification.measure_names, expected only known keys but found 'measure_names'. ")]
    [InlineData(
        """{"format": "dcpnas-conformance-1", "name": "a", "why": "b", "expected": {"mAP": 1}, "voc": {"protocol": "voc", "interpolation": "area", "objects": [], "detections": []}}""",
        "x.json: at line 1, voc.protocol, expected only known keys but found 'protocol'. ")]
    public void Read_BadCase_SaysWhere(string text, string message) => Assert.StartsWith(
        message, Assert.Throws<InputException>(() => CaseFiles.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x.json")).Message);

    [Fact]
    public void Execute_CaseThatCannotBeJudged_NamesTheFile()
    {
        var path = Path.Combine(_folder, "one.json");
        File.WriteAllText(path, """
            {"format": "dcpnas-conformance-1", "name": "one", "why": "because", "expected": {"mAP": 1}, "re_identification": {"distance": "cosine",
             "queries": [{"identity": 1, "camera": 1, "feature": [1]}], "gallery": [{"identity": 1, "camera": 1, "feature": [1]}]}}
            """);
        Assert.StartsWith($"{path}: No query has a match: ", Assert.Throws<InputException>(() => ConformanceRun.Execute(new ConformanceOptions { Cases = _folder }, Token)).Message);
    }

    [Fact]
    public void Execute_FolderWithoutCases_SaysWhatToDo()
    {
        Assert.Equal(
            $"{_folder}: expected case files (*.json) but found none. Name another folder, or write the shipped cases there with --write.",
            Assert.Throws<InputException>(() => ConformanceRun.Execute(new ConformanceOptions { Cases = _folder }, Token)).Message);
        Assert.Equal(
            "/nowhere: expected a folder of case files but found nothing. Name a folder with --cases.",
            Assert.Throws<InputException>(() => ConformanceRun.Execute(new ConformanceOptions { Cases = "/nowhere" }, Token)).Message);
    }
}
