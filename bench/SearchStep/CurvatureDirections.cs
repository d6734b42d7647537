using System.Globalization;
using DcpNas.Native;
using DcpNas.Operators;
using DcpNas.Search;
using DcpNas.Search.Curvatures;
using static TorchSharp.torch;

namespace DcpNas.StepBench;

/// <summary>Where the product P of a curvature points: <c>total = -g_C + lambda P</c>, P standing for <c>H_G dD/dg_C</c>.</summary>
/// <param name="ToExact">Cosine of P and the exact P.</param>
/// <param name="ToTotal">Cosine of P and the total gradient that it is part of.</param>
/// <param name="TotalToExactTotal">Cosine of the total gradient and the one with the exact P.</param>
/// <param name="Share"><c>|lambda P| / |g_C|</c>.</param>
internal sealed record CurvatureDirections(string ToExact, string ToTotal, string TotalToExactTotal, string Share)
{
    /// <summary>Compares curvatures on some batches of the architecture half; each value is a mean with its least and most.</summary>
    public static Dictionary<string, CurvatureDirections> Compare(StepFixture fixture, string[] names, int batches)
    {
        var values = names.ToDictionary(name => name, _ => new List<double[]>());
        for (var k = 0; k < batches; k++)
        {
            using var scope = NewDisposeScope();
            var exact = Of(fixture, "exact", k);
            foreach (var name in names)
            {
                var own = name == "exact" ? exact : Of(fixture, name, k);
                values[name].Add([Cosine(own.Product, exact.Product), Cosine(own.Product, own.Total), Cosine(own.Total, exact.Total), own.Share]);
                Console.Error.WriteLine($"batch {k}: {name}, cosine with exact {values[name][^1][0]:0.000}");
            }
        }

        return values.ToDictionary(pair => pair.Key, pair => new CurvatureDirections(
            Describe(pair.Value, 0, "0.000"), Describe(pair.Value, 1, "0.000"), Describe(pair.Value, 2, "0.0000000"), Describe(pair.Value, 3, "0.0E0")));
    }

    /// <summary>P, the total gradient and the share of P, by the parts that <see cref="TangentPropagation"/> is made of.</summary>
    private static (Tensor Product, Tensor Total, double Share) Of(StepFixture fixture, string name, int index)
    {
        using var scope = NewDisposeScope();
        var (parent, child, batch) = (fixture.Networks.Parent, fixture.Networks.Child, fixture.AlphaBatches[index]);
        random.manual_seed(index); // for the draws of fisher-chunks
        var (tangent, logP) = TangentPropagation.ParentTangent(parent.Network, parent.Architecture, batch.Images, batch.Labels);
        var curvature = Curvature.Parse(name);
        // For all, not only where it is needed: the fast operators round otherwise, which turns some signs and moves g_C more than lambda P does.
        using var order = GradientOrder.UseSecond();
        var logits = child.Network.Logits(batch.Images, child.Architecture);
        var parts = Autograd.Grad(
            [Objectives.Match(logP, logits)], child.Architecture.All, retainGraph: curvature.NeedsGraph, createGraph: curvature.NeedsSecondOrder);
        var pass = new ChildPass(child.Network, child.Architecture, batch.Images, logits, ParameterVector.Join(parts));
        var own = pass.MatchGradient.detach();
        var product = curvature.Product(pass, Distance.Derivative(fixture.Options.Distance, tangent!, own)).detach();
        var scaled = product * fixture.Options.Lambda!.Value;
        var share = scaled.norm().ToDouble() / own.norm().ToDouble();
        return (product.MoveToOuterDisposeScope(), (scaled - own).MoveToOuterDisposeScope(), share);
    }

    private static double Cosine(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return Distance.CosineOf(a, b).ToDouble();
    }

    private static string Describe(List<double[]> rows, int column, string format)
    {
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        var values = rows.ConvertAll(row => row[column]);
        return values.Count == 1 ? Text(values[0]) : $"{Text(values.Average())} ({Text(values.Min())} to {Text(values.Max())})";
    }
}
