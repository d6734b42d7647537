using DcpNas.Native;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks;

/// <summary>The loss of a classifier against sums written out, and its gradient against finite differences.</summary>
public class ClassificationTaskTests
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly double[,] Student = { { 0.3, -1.2, 2.0 }, { 1.5, 0.2, -0.7 } };
    private static readonly double[,] Teacher = { { 1.0, 0.4, -0.3 }, { -0.2, 2.2, 0.1 } };
    private static readonly long[] Labels = [2, 1];

    public ClassificationTaskTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    [Theory]
    [InlineData(0.0, 0.9, 1.0)]
    [InlineData(0.1, 0.9, 4.0)]
    [InlineData(0.2, 1.0, 2.0)]
    [InlineData(0.1, 0.0, 3.0)]
    public void Loss_WithATeacher_IsTheWrittenOutSumAndItsGradientThatOfFiniteDifferences(double smoothing, double weight, double temperature)
    {
        using var scope = NewDisposeScope();
        var task = new ClassificationTask(Names, new ClassificationOptions { LabelSmoothing = smoothing, DistillationWeight = weight, Temperature = temperature });
        var student = tensor(Student).requires_grad_();
        using var batch = new TaskBatch(zeros(2, 3, 16, 16), tensor(Labels));
        var loss = task.Loss(new TaskOutput([student], null), batch, [tensor(Teacher)]);
        Assert.Equal(Expected(Student, smoothing, weight, temperature), loss.item<double>(), 12);

        var gradient = Autograd.Grad([loss], [student])[0];
        const double Step = 1e-6;
        for (var row = 0; row < 2; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                var (up, down) = ((double[,])Student.Clone(), (double[,])Student.Clone());
                up[row, column] += Step;
                down[row, column] -= Step;
                var numeric = (Expected(up, smoothing, weight, temperature) - Expected(down, smoothing, weight, temperature)) / (2 * Step);
                Assert.Equal(numeric, gradient[row, column].item<double>(), 8);
            }
        }
    }

    [Fact]
    public void Loss_WithAnAuxiliaryOutput_AddsItsShareOfTheCrossEntropy()
    {
        using var scope = NewDisposeScope();
        var task = new ClassificationTask(Names, new ClassificationOptions { AuxiliaryWeight = 0.4 });
        using var batch = new TaskBatch(zeros(2, 3, 16, 16), tensor(Labels));
        var loss = task.Loss(new TaskOutput([tensor(Student)], tensor(Teacher)), batch, null);
        Assert.Equal(Expected(Student, 0, 0, 1) + (0.4 * Expected(Teacher, 0, 0, 1)), loss.item<double>(), 12);
    }

    [Fact]
    public void Divergence_OfEqualLogits_IsZeroAndTheTeacherGetsNoGradient()
    {
        using var scope = NewDisposeScope();
        var teacher = tensor(Teacher).requires_grad_();
        Assert.Equal(0, Distillation.Divergence(tensor(Teacher), teacher, 3).item<double>(), 15);
        Assert.False(Distillation.Divergence(tensor(Student), teacher, 3).requires_grad);
    }

    [Fact]
    public void Evaluate_OfTwoBatches_CountsImagesAndNotBatches()
    {
        using var scope = NewDisposeScope();
        var evaluator = new ClassificationTask(Names).CreateEvaluator();
        using var first = new TaskBatch(zeros(2, 3, 4, 4), tensor(Labels));
        using var second = new TaskBatch(zeros(1, 3, 4, 4), tensor((long[])[0]));
        evaluator.Add([tensor(Student)], first);
        evaluator.Add([tensor(new double[,] { { 0.0, 1.0, 0.5 } })], second);
        var result = evaluator.Evaluate();
        var loss = ((Expected(Student, 0, 0, 1) * 2) + Math.Log(Math.Exp(0) + Math.Exp(1) + Math.Exp(0.5))) / 3;
        Assert.Equal((3, 1.0 / 3, 1.0), (result.Images, result["top1"], result["top5"]));
        Assert.Equal(loss, result["loss"], 12);
        Assert.Equal("Unknown metric 'map'. Known metrics: top1, top5, loss.", Assert.Throws<KeyNotFoundException>(() => result["map"]).Message);
    }

    [Fact]
    public void Add_OfNotANumber_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var batch = new TaskBatch(zeros(1, 3, 4, 4), tensor((long[])[0]));
        var error = Assert.Throws<NotFiniteException>(() => new ClassificationTask(Names).CreateEvaluator().Add([tensor(new double[,] { { 0, double.NaN, 1 } })], batch));
        Assert.Contains("not finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OutOfRange_NamesEveryFault()
    {
        var error = Assert.Throws<OptionsException>(() => new ClassificationTask(Names, new ClassificationOptions { LabelSmoothing = 1, DistillationWeight = -1, Temperature = 0, AuxiliaryWeight = -2 }));
        Assert.Equal(
            ["label_smoothing must be in [0, 1), got 1.", "distillation_weight must be in [0, 1], got -1.", "temperature must be above 0, got 0.", "auxiliary_weight must be at least 0, got -2."],
            error.Problems);
        Assert.Equal("A classifier needs at least 2 classes, got 1. Use data with more classes.", Assert.Throws<InputException>(() => new ClassificationTask(["a"])).Message);
    }

    private static double Expected(double[,] student, double smoothing, double weight, double temperature)
    {
        var total = 0.0;
        for (var row = 0; row < 2; row++)
        {
            var z = Enumerable.Range(0, 3).Select(k => student[row, k]).ToArray();
            var t = Enumerable.Range(0, 3).Select(k => Teacher[row, k]).ToArray();
            var (q, qt, p) = (Softmax(z, 1), Softmax(z, temperature), Softmax(t, temperature));
            for (var k = 0; k < 3; k++)
            {
                var target = ((1 - smoothing) * (k == Labels[row] ? 1 : 0)) + (smoothing / 3);
                total -= (1 - weight) * target * Math.Log(q[k]);
                total += weight * temperature * temperature * p[k] * Math.Log(p[k] / qt[k]);
            }
        }

        return total / 2;
    }

    private static double[] Softmax(double[] z, double temperature)
    {
        var e = z.Select(value => Math.Exp(value / temperature)).ToArray();
        return [.. e.Select(value => value / e.Sum())];
    }
}
