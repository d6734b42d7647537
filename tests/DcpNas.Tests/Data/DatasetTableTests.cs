using System.Text;
using DcpNas.Data;

namespace DcpNas.Tests.Data;

/// <summary>The rows of the data sets are complete, and the pages say what they say.</summary>
public sealed class DatasetTableTests
{
    private const string Update = "DCPNAS_UPDATE_PAGES";
    private const string Heading = "| `--dataset` | files in one folder, at most three levels below `DIR` |\n| --- | --- |\n";

    public static TheoryData<string> Names => [.. DatasetNames.All];

    /// <summary>To renew the page, run this with the environment variable DCPNAS_UPDATE_PAGES=1.</summary>
    [Fact]
    public void Page_HasTheTableOfTheRows()
    {
        var checkout = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(checkout.FullName, "DcpNas.slnx")))
        {
            checkout = checkout.Parent!;
        }

        var path = Path.Combine(checkout.FullName, "docs", "datasets.md");
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Heading, StringComparison.Ordinal);
        var table = new StringBuilder(Heading);
        foreach (var row in DatasetTable.All)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{row.Name}`{(row.Source is null ? "" : "*")} | {row.Layout} |\n");
        }

        var expected = $"{page[..start]}{table}{page[page.IndexOf("\n\n", start, StringComparison.Ordinal)..][1..]}";
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_OfADataSet_IsComplete(string name)
    {
        var row = DatasetTable.Find(name)!;
        using var folder = new TempFolder();
        Assert.Matches("^[a-z][a-z0-9_]*$", name);
        Assert.NotEmpty(row.Title);
        Assert.NotEmpty(row.Layout);
        Assert.Empty(row.FilesIn(folder.Path));
        Assert.Empty(row.Augmentation(32).Problems(32, 32));
        Assert.All(row.Statistics?.StandardDeviation ?? [], deviation => Assert.InRange(deviation, 0.01, 0.5));
        Assert.Equal(row.Statistics?.Mean.Count, row.Statistics?.StandardDeviation.Count);
        Assert.All(row.Source?.Files ?? [], file => Assert.Matches("^(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40})$", file.Checksum));
        Assert.EndsWith("/", row.Source?.BaseAddress.ToString() ?? "/", StringComparison.Ordinal);
        if (row.Files.Count > 0)
        {
            var missing = Assert.Throws<InputException>(() => DatasetCatalog.Open(name, folder.Path)).Message;
            Assert.StartsWith($"{folder.Path}: no {row.Title} files in it or below (expected {string.Join(", ", row.Files)}). ", missing, StringComparison.Ordinal);
            Assert.Contains($"{row.Title} ({string.Join(", ", row.Files)}), ", DataCheck.Run(folder.Path).Findings.Single().Message, StringComparison.Ordinal);
            Assert.Equal(row.Source is not null, missing.EndsWith($"or download them: dcpnas data download {name} --data DIR.", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Names_OfTheRows_AreDifferent()
    {
        Assert.Equal(DatasetNames.All.Distinct(), DatasetNames.All);
        Assert.Contains(DatasetNames.Folder, DatasetNames.All);
        Assert.Contains(DatasetNames.Synthetic, DatasetNames.All);
    }

    [Fact]
    public void Check_OfARowWithoutOne_ReadsTheDataAsATrainingDoes()
    {
        using var folder = new TempFolder();
        var row = DatasetTable.Find("mnist")! with { Check = null };
        DataFiles.WriteMnist(folder, "");
        folder.Write([1], "notes.txt");
        var good = DcpNas.Data.Checks.ReadingCheck.Run(row, folder.Path);
        var own = DataCheck.Run(folder.Path).Datasets.Single();
        Assert.Equal(own.Splits.Select(split => (split.Name, split.Count)), good.Splits.Select(split => (split.Name, split.Count)));
        Assert.Equal(own.Splits.Select(split => string.Join(' ', split.PerClass)), good.Splits.Select(split => string.Join(' ', split.PerClass)));
        Assert.Contains(good.Findings, finding => finding.Message.Contains("notes.txt", StringComparison.Ordinal));

        var labels = row.FilesIn(folder.Path).Single(file => file.Contains("t10k-labels", StringComparison.Ordinal));
        File.WriteAllBytes(labels, [0, 0]);
        var fault = DcpNas.Data.Checks.ReadingCheck.Run(row, folder.Path).Findings.Single(finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(labels, fault.Path);
        Assert.StartsWith("at ", fault.Message, StringComparison.Ordinal);
    }
}
