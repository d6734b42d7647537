using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

public class PredictionTests
{
    private const float Infinity = float.PositiveInfinity;

    [Fact]
    public void TopClasses_OfLogits_AreTheSoftmaxInOrder()
    {
        using var runner = Runner(["cat", "dog", "bird"]);
        runner.Run([1f, 3f, 2f, 0f, 0f, 0f]);
        var top = new Prediction[5];

        Assert.Equal(3, runner.TopClasses(0, top));
        Assert.Equal(["dog", "bird", "cat"], top.Take(3).Select(prediction => prediction.Label));
        var total = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        Assert.Equal(Math.Exp(3) / total, top[0].Probability, tolerance: 1e-7);
        Assert.Equal(Math.Exp(2) / total, top[1].Probability, tolerance: 1e-7);
        Assert.Equal(Math.Exp(1) / total, top[2].Probability, tolerance: 1e-7);

        Assert.Equal(2, runner.TopClasses(1, top.AsSpan(0, 2)));
        Assert.Equal([new Prediction(0, "cat", 1 / 3f), new Prediction(1, "dog", 1 / 3f)], top.Take(2));
    }

    [Theory]
    [InlineData(new[] { 1e30f, -1e30f, 1e30f }, new[] { 0, 2, 1 }, new[] { 0.5f, 0.5f, 0f })]
    [InlineData(new[] { 5f, Infinity, -Infinity }, new[] { 1, 0, 2 }, new[] { 1f, 0f, 0f })]
    [InlineData(new[] { Infinity, 1f, Infinity }, new[] { 0, 2, 1 }, new[] { 0.5f, 0.5f, 0f })]
    [InlineData(new[] { float.NaN, 1f, 2f }, new[] { 2, 1, 0 }, new[] { float.NaN, float.NaN, float.NaN })]
    public void TopClasses_OfExtremeLogits_StayInOrder(float[] logits, int[] classes, float[] probabilities)
    {
        using var runner = Runner([]);
        runner.Run(logits);
        var top = new Prediction[3];
        runner.TopClasses(0, top);

        Assert.Equal(classes, top.Select(prediction => prediction.Class));
        Assert.Equal(classes.Select(index => $"{index}"), top.Select(prediction => prediction.Label));
        Assert.Equal(probabilities, top.Select(prediction => prediction.Probability));
    }

    [Fact]
    public void TopClasses_OfAnImageThatWasNotRun_IsRefused()
    {
        using var runner = Runner([]);
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.TopClasses(0, new Prediction[1]));
        runner.Run([1f, 2f, 3f]);
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.TopClasses(1, new Prediction[1]));
    }

    private static PackedRunner Runner(string[] classes)
    {
        var graph = new GraphBuilder(1, 1, 3);
        graph.Output(GraphOutput.Logits, graph.Image);
        return new PackedRunner(graph.Build(new ModelInfo { Producer = "test", Classes = classes }));
    }
}
