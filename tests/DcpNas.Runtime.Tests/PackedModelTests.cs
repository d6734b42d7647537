namespace DcpNas.Runtime.Tests;

public class PackedModelTests
{
    [Fact]
    public void Describe_OfANetwork_ListsWhatItIs()
    {
        var lines = SampleModels.EveryNode().Describe().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("format    dcpnas-packed 1, by test 1.0", lines[0]);
        Assert.Equal("input     real 8x8x3", lines[2]);
        Assert.Equal("output    embedding: real 1x1x132", lines[3]);
        Assert.Equal("output    logits: real 1x1x10", lines[4]);
        Assert.Equal("classes   10: class \"0\", class \"1\", class \"2\", class \"3\", class \"4\", class \"5\", class \"6\", class \"7\", class \"8\", class \"9\"", lines[5]);
        Assert.Equal("cost      ops 1,234,568", lines[7]);

        // 1 bit: depthwise 66 x 25, pointwise 66 x 66, release 66 x 9, reduce 66 x 66. 32 bits: stem 66 x 28, signs and thresholds 3 x 66,
        // affines 6 x 66, real 66 x 9, head 10 x 133.
        Assert.Equal("weights   10,956 of 1 bit, 4,366 of 32 bits", lines[8]);
        Assert.Contains(lines, line => line.StartsWith("  block.pointwise ", StringComparison.Ordinal) && line.EndsWith("<- block.depthwise", StringComparison.Ordinal));
    }
}
