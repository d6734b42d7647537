using System.Text;
using CsCheck;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

public sealed class GenotypeJsonTests : IDisposable
{
    private const string Cell = """
        {"nodes": [
          {"edges": [{"operation": "max_pool_3x3", "input": 0}, {"operation": "sep_conv_5x5", "input": 1}]},
          {"edges": [{"operation": "skip_connect", "input": 0}, {"operation": "dil_conv_3x3", "input": 2}]},
          {"edges": [{"operation": "avg_pool_3x3", "input": 1}, {"operation": "sep_conv_3x3", "input": 3}]},
          {"edges": [{"operation": "avg_pool_3x3", "input": 3}, {"operation": "dil_conv_3x3", "input": 4}]}]}
        """;

    private const string Document = $$"""{"format": "dcpnas-genotype-1", "normal": {{Cell}}, "reduction": {{Cell}}, "provenance": {"strategy": "dcp-nas", "seed": 7} }""";

    private const string Operations = "skip_connect, max_pool_3x3, avg_pool_3x3, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5";

    private readonly string _folder = Directory.CreateTempSubdirectory("dcpnas-genotype-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FromJson_OfADocumentReadsCellsAndProvenance()
    {
        var genotype = Read(Document);

        Assert.Equal(Genotype.FindPreset("DDPNAS_MCN_2")!.Normal, genotype.Normal);
        Assert.Equal(genotype.Normal, genotype.Reduction);
        Assert.Equal(new GenotypeProvenance("dcp-nas", 7), genotype.Provenance);
    }

    [Fact]
    public void FromJson_WithANetwork_KeepsItsSizeThroughAFile()
    {
        var genotype = Read(Document.Replace("\"provenance\"", "\"network\": {\"channels\": 24, \"cells\": 8}, \"provenance\"", StringComparison.Ordinal));
        Assert.Equal(new GenotypeSize(24, 8), genotype.Size);
        Assert.Equal(genotype, Read(Document)); // the size is no part of equality
        Assert.Equal(genotype.Size, Read(genotype.ToJson()).Size);
        Assert.Null(Read(Document).Size);
    }

    [Fact]
    public void FromJson_WithCommentsTrailingCommasAndByteOrderMark_ReadsTheSame() =>
        Assert.Equal(Read(Document), Read("\uFEFF// found by hand\n" + Document.Replace("\"seed\": 7", "\"seed\": 7,", StringComparison.Ordinal)));

    [Theory]
    // Each row replaces the first occurrence of a part of the file above.
    [InlineData(Document, "[1]", "the top level, expected an object but found a list of 1. Give a genotype file.")]
    [InlineData("dcpnas-genotype-1", "dcpnas-genotype-2", "format, expected 'dcpnas-genotype-1' but found 'dcpnas-genotype-2'. Give a genotype file of this version.")]
    [InlineData("\"dcpnas-genotype-1\"", "1", "format, expected 'dcpnas-genotype-1' but found 1. Give a genotype file of this version.")]
    [InlineData("\"format\": \"dcpnas-genotype-1\", ", "", "the top level, expected the key 'format' but found only normal, reduction, provenance. Add it.")]
    [InlineData("\"reduction\"", "\"reduce\"", "the top level, expected only the keys format, normal, reduction, network, provenance, decision but found 'reduce'. Did you mean 'reduction'?")]
    [InlineData("\"reduction\"", "\"z\"", "the top level, expected only the keys format, normal, reduction, network, provenance, decision but found 'z'. Remove it.")]
    [InlineData("\"provenance\"", "\"network\": {\"channels\": 24}, \"provenance\"", "network, expected the key 'cells' but found only channels. Add it.")]
    [InlineData("\"provenance\"", "\"network\": {\"channels\": 1, \"cells\": 8}, \"provenance\"", "network.channels, expected a number from 2 to 4096 but found 1. Correct it, or remove network.")]
    [InlineData("\"reduction\"", "\"normal\"", "the top level, expected the key 'normal' once but found it twice. Remove one of them.")]
    [InlineData(Cell, "[]", "normal, expected an object but found a list of 0. Write { \"nodes\": ... }.")]
    [InlineData(Cell, "{}", "normal, expected the key 'nodes' but found no keys. Add it.")]
    [InlineData("\"nodes\"", "\"node\"", "normal, expected only the keys nodes but found 'node'. Did you mean 'nodes'?")]
    [InlineData(Cell, "{\"nodes\": []}", "normal.nodes, expected a list of 4 but found a list of 0. Every cell has 4 nodes of 2 edges.")]
    [InlineData(Cell, "{\"nodes\": {}}", "normal.nodes, expected a list of 4 but found an object. Every cell has 4 nodes of 2 edges.")]
    [InlineData("\"edges\"", "\"Edges\"", "normal.nodes[0], expected only the keys edges but found 'Edges'. Did you mean 'edges'?")]
    [InlineData(", {\"operation\": \"sep_conv_5x5\", \"input\": 1}", "", "normal.nodes[0].edges, expected a list of 2 but found a list of 1. Every cell has 4 nodes of 2 edges.")]
    [InlineData("{\"operation\": \"sep_conv_5x5\", \"input\": 1}", "null", "normal.nodes[0].edges[1], expected an object but found null. Write { \"operation\": ..., \"input\": ... }.")]
    [InlineData("\"sep_conv_3x3\", \"input\": 3", "\"sep_conv_3x3\"", "normal.nodes[2].edges[1], expected the key 'input' but found only operation. Add it.")]
    [InlineData("avg_pool_3x3", "avg_pol_3x3", "normal.nodes[2].edges[0].operation, expected one of {operations} but found 'avg_pol_3x3'. Did you mean 'avg_pool_3x3'?")]
    [InlineData("avg_pool_3x3", "identity", "normal.nodes[2].edges[0].operation, expected one of {operations} but found 'identity'. Correct the name.")]
    [InlineData("avg_pool_3x3", "none", "normal.nodes[2].edges[0].operation, expected an operation other than 'none' but found 'none'. Name the operation that the edge keeps, or another edge.")]
    [InlineData("\"avg_pool_3x3\"", "4", "normal.nodes[2].edges[0].operation, expected a string but found 4. Write it in quotation marks.")]
    [InlineData("\"input\": 3", "\"input\": 4", "normal.nodes[2].edges[1].input, expected a number from 0 to 3 but found 4. Node 4 reads the cell's inputs (0 and 1) and the nodes before it.")]
    [InlineData("\"input\": 3", "\"input\": -1", "normal.nodes[2].edges[1].input, expected a number from 0 to 3 but found -1. Node 4 reads the cell's inputs (0 and 1) and the nodes before it.")]
    [InlineData("\"input\": 3", "\"input\": 1", "normal.nodes[2].edges[1].input, expected an input other than 1 but found 1 again. The two edges of a node read different inputs.")]
    [InlineData("\"input\": 3", "\"input\": 1.5", "normal.nodes[2].edges[1].input, expected a whole number but found 1.5. Write digits without quotation marks or point.")]
    [InlineData("\"input\": 3", "\"input\": \"3\"", "normal.nodes[2].edges[1].input, expected a whole number but found '3'. Write digits without quotation marks or point.")]
    [InlineData("\"seed\"", "\"sed\"", "provenance, expected only the keys strategy, seed, dataset, run but found 'sed'. Did you mean 'seed'?")]
    [InlineData("\"seed\": 7", "\"seed\": true", "provenance.seed, expected a whole number but found true. Write digits without quotation marks or point.")]
    [InlineData("\"dcp-nas\"", "null", "provenance.strategy, expected a string but found null. Write it in quotation marks.")]
    [InlineData("\"dcp-nas\"", "\"\\ud800\"", "provenance.strategy, expected a string but found characters that are not Unicode. Write it anew.")]
    public void FromJson_Faulty_NamesThePlace(string part, string faulty, string message)
    {
        var at = Document.IndexOf(part, StringComparison.Ordinal);
        var problem = Assert.Throws<InputException>(() => Read(Document[..at] + faulty + Document[(at + part.Length)..]));

        Assert.Equal("best.json: at " + message.Replace("{operations}", Operations, StringComparison.Ordinal), problem.Message);
    }

    [Fact]
    public void FromJson_OfBrokenJson_NamesTheLine()
    {
        var problem = Assert.Throws<InputException>(() => Read("{\n  \"format\": \"dcpnas-genotype-1\"\n  \"normal\": 1 }"));

        Assert.StartsWith("best.json: at line 3, byte 3, expected JSON but found a syntax error (", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("). Correct the file, or write it again with dcpnas.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_OfAnEmptyDocumentSaysSo() =>
        Assert.StartsWith("best.json: at line 1, byte 1, expected JSON but found", Assert.Throws<InputException>(() => Read("")).Message, StringComparison.Ordinal);

    [Fact]
    public void FromJson_OfAnyDamagedDocumentGivesAGenotypeOrAnInputException() =>
        Gen.Select(Gen.Int[0, Document.Length - 1], Gen.Byte).Sample((position, value) =>
        {
            var bytes = Encoding.UTF8.GetBytes(Document);
            bytes[position] = value;
            try
            {
                Assert.NotNull(Genotype.FromJson(bytes, "best.json"));
            }
            catch (InputException problem)
            {
                Assert.StartsWith("best.json: at ", problem.Message, StringComparison.Ordinal);
            }
        }, iter: 5000);

    [Fact]
    public void ToJson_OfAnyGenotype_IsReadBackWithItsProvenance()
    {
        var text = Gen.String.Where(text => !text.Any(char.IsSurrogate)).Null();
        var provenance = Gen.Select(text, Gen.Long.Nullable(), text, text).Select((strategy, seed, dataset, run) => new GenotypeProvenance(strategy, seed, dataset, run)).Null();
        Gen.Select(Gen.Long.Select(Discretizer.Random), provenance).Sample((drawn, provenance) =>
        {
            var genotype = drawn with { Provenance = provenance };
            var read = Read(genotype.ToJson());
            Assert.Equal(genotype, read);
            Assert.Equal(genotype.Provenance, read.Provenance);
        }, iter: 500);
    }

    [Fact]
    public void ToJson_OfAGenotype_BeginsWithTheFormat() =>
        Assert.StartsWith("{\n  \"format\": \"dcpnas-genotype-1\",\n  \"normal\": {\n    \"nodes\": [\n      {\n        \"edges\": [\n", Discretizer.Random(1).ToJson(), StringComparison.Ordinal);

    [Fact]
    public void Save_OverAnotherDocumentReplacesItAndLeavesNothingElse()
    {
        var path = Path.Combine(_folder, "best.json");
        Discretizer.Random(1).Save(path);
        Discretizer.Random(2).Save(path);

        Assert.Equal(Discretizer.Random(2), Genotype.Load(path));
        Assert.Equal(Discretizer.Random(2), Genotype.Resolve(path));
        Assert.Equal(new GenotypeProvenance("random", 2), Genotype.Load(path).Provenance);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Save_OntoAFolder_FailsAndLeavesNothingElse()
    {
        var path = Directory.CreateDirectory(Path.Combine(_folder, "best.json")).FullName;

        var problem = Assert.Throws<InputException>(() => Discretizer.Random(1).Save(path));

        Assert.StartsWith($"{path}: the genotype cannot be written: ", problem.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Save_IntoNoFolder_Fails()
    {
        var path = Path.Combine(_folder, "none", "best.json");

        Assert.StartsWith($"{path}: the genotype cannot be written: ", Assert.Throws<InputException>(() => Discretizer.Random(1).Save(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfNoDocumentFails()
    {
        var path = Path.Combine(_folder, "best.json");

        Assert.StartsWith($"{path}: the genotype cannot be read: ", Assert.Throws<InputException>(() => Genotype.Load(path)).Message, StringComparison.Ordinal);
    }

    private static Genotype Read(string json) => Genotype.FromJson(Encoding.UTF8.GetBytes(json), "best.json");
}
