using System.Text.Json.Nodes;

namespace EndToEnd;

public sealed class ConformanceTests
{
    [Fact]
    public void Conformance_OfTheShippedCases_Agrees()
    {
        var report = JsonNode.Parse(Cli.Run("conformance", "--random", "20", "--json").Ends(0).Output)!;
        Assert.Equal(99, report["total"]!.GetValue<int>());
        Assert.Equal(99, report["agreed"]!.GetValue<int>());

        var text = Cli.Run("conformance", "--random", "2").Ends(0).Output;
        Assert.Contains("coco-crowd", text, StringComparison.Ordinal);
        Assert.EndsWith("total  45 of 45 agree within 1E-12\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Conformance_OfAnAlteredCase_ExitsWithOneAndNamesTheNumber()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("39 cases in cases\n", Cli.Run(folder.Path, ["conformance", "--write", "cases", "--random", "0"]).Ends(0).Output);
        var path = Path.Combine(folder.Path, "cases", "reid-ties.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"rank_1\": 0", "\"rank_1\": 0.25", StringComparison.Ordinal));

        var output = Cli.Run(folder.Path, ["conformance", "--cases", "cases", "--random", "0"]).Ends(1).Output;
        Assert.Matches(@"rank_1 +0\.25 +0 +0 +DIFFERS", output);
        Assert.EndsWith("total  38 of 39 agree within 1E-12\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Conformance_OfABadCase_ExitsWithTwoAndThePlace()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.json"], """{"format": "dcpnas-conformance-1", "name": "bad", "why": "it is", "expected": {"mAP": 1}, "voc": {"interpolation": "area", "objects": 5}}""");
        Assert.Equal(
            "dcpnas: ./bad.json: at line 1, voc.objects, expected a list but found another value. Correct the case; docs/conformance.md describes the form.\n",
            Cli.Run(folder.Path, ["conformance", "--cases", "."]).Ends(2).Error);
        Assert.Contains("nowhere: expected a folder of case files but found nothing.", Cli.Run("conformance", "--cases", "nowhere").Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("random must be at least 0, got -1.", Cli.Run("conformance", "--random", "-1").Ends(2).Error, StringComparison.Ordinal);
    }
}
