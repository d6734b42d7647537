using System.Text.Json.Nodes;

namespace DcpNas.Tests.Foundation;

public class JsonPartTests
{
    private const string Text = """
        {"whole": 3, "large": 3000000000, "real": 0.5, "text": "a", "flag": true, "nothing": null, "list": [1, [2, 3]], "object": {"inner": {"whole": "x"}},
         "half": "\ud800", "long": "0123456789012345678901234567890123456789012345", "huge": 1e999, "edges": [1, 2, 3, 4, 5]}
        """;

    [Fact]
    public void Values_OfTheirKind_AreRead()
    {
        var part = Part(Text);
        Assert.Equal((3, 3_000_000_000, 0.5, 3.0, "a", true), (part["whole"].Whole(), part["large"].Whole(0, long.MaxValue), part["real"].Real(), part["whole"].Real(), part["text"].Text(), part["flag"].Flag()));
        Assert.Equal([2, 3], part["list"].Items()[1].Items().Select(item => item.Whole()));
        Assert.True(part["nothing"].IsMissing && part["absent"].IsMissing && !part["flag"].IsMissing);
    }

    [Fact]
    public void Values_ThatAProgramHasPutThere_AreReadLikeThoseOfAFile()
    {
        var part = new JsonPart(new JsonObject { ["int"] = 3, ["long"] = 4L, ["double"] = 0.5, ["text"] = "a", ["flag"] = false }, "f", "", "Do.");
        Assert.Equal((3, 4, 3.0, 4.0, 0.5, "a", false), (part["int"].Whole(), part["long"].Whole(), part["int"].Real(), part["long"].Real(), part["double"].Real(), part["text"].Text(), part["flag"].Flag()));
    }

    [Fact]
    public void Values_OfAnotherKind_AreFaultsWithTheirPlace()
    {
        var part = Part(Text);
        Assert.Equal("f: at whole, expected a text but found 3. Do.", Fault(() => part["whole"].Text()));
        Assert.Equal("f: at text, expected a whole number but found 'a'. Do.", Fault(() => part["text"].Whole()));
        Assert.Equal("f: at large, expected a whole number but found 3000000000. Do.", Fault(() => part["large"].Whole()));
        Assert.Equal("f: at real, expected a whole number but found 0.5. Do.", Fault(() => part["real"].Whole()));
        Assert.Equal("f: at whole, expected a whole number from 4 to 9 but found 3. Do.", Fault(() => part["whole"].Whole(4, 9)));
        Assert.Equal("f: at whole, expected a whole number of at least 4 but found 3. Do.", Fault(() => part["whole"].Whole(4, long.MaxValue)));
        Assert.Equal("f: at huge, expected a number but found 1e999. Do.", Fault(() => part["huge"].Real()));
        Assert.Equal("f: at list, expected true or false but found a list of 2. Do.", Fault(() => part["list"].Flag()));
        Assert.Equal("f: at list[1], expected a number but found [2,3]. Do.", Fault(() => part["list"].Items()[1].Real()));
        Assert.Equal("f: at edges, expected an object but found a list of 5. Do.", Fault(() => part["edges"].Object()));
        Assert.Equal("f: at object, expected a list but found an object. Do.", Fault(() => part["object"].Items()));
        Assert.Equal("f: at object.inner.whole, expected a whole number but found 'x'. Do.", Fault(() => part["object"]["inner"]["whole"].Whole()));
        Assert.Equal("f: at nothing, expected a text but found none. Do.", Fault(() => part["nothing"].Text()));
        Assert.Equal("f: at absent, expected an object but found none. Do.", Fault(() => part["absent"]["further"].Whole()));
        Assert.Equal("f: at half, expected a text but found characters that are not Unicode. Do.", Fault(() => part["half"].Text()));
        Assert.Equal("f: at long, expected a number but found '012345678901234567890123456789012345678.... Do.", Fault(() => part["long"].Real()));
        Assert.Equal("f: at its contents, expected a list but found an object. Do.", Fault(() => part.Items()));
        Assert.Equal("f: at [1], expected a whole number but found 'b'. Do.", Fault(() => Part("""[1, "b"]""").Items()[1].Whole()));
    }

    [Fact]
    public void As_OfAnObject_ListsEveryFault()
    {
        var part = Part("""{"settings": {"size_variance": 0.5, "most_candidates": 7}, "faulty": {"size_variance": "wide", "most_candidates": null, "colour": 1}}""");
        Assert.Equal((0.5, 7, 0.1), (part["settings"].As<Runtime.DetectorSettings>() is var settings ? settings.SizeVariance : 0, settings.MostCandidates, settings.CentreVariance));
        Assert.Equal(
            [
                "size_variance must be a number, got \"wide\".", "most_candidates must be a whole number, got null.", "unknown key 'colour'.",
                "known keys: centre_variance, size_variance, score_threshold, overlap_threshold, most_candidates, most_detections.",
            ],
            Assert.Throws<OptionsException>(() => part["faulty"].As<Runtime.DetectorSettings>()).Problems);
        Assert.StartsWith("f, faulty cannot be used:\n  - ", Fault(() => part["faulty"].As<Runtime.DetectorSettings>()), StringComparison.Ordinal);
        Assert.Equal("f: at absent, expected an object but found none. Do.", Fault(() => part["absent"].As<Runtime.DetectorSettings>()));
    }

    private static JsonPart Part(string text) => new(JsonNode.Parse(text), "f", "", "Do.");

    private static string Fault(Func<object?> read) => Assert.ThrowsAny<InputException>(read).Message;
}
