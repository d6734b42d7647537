using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Tests.Protocols.ReIdentification;

public sealed unsafe class FeatureProductsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    public void AddTile_AnyVectorWidth_GivesTheBitsOfDot(int dimensions)
    {
        var random = new SeededRandom(5, dimensions);
        float[] features = [.. Enumerable.Range(0, (FeatureProducts.TileRows + 50) * dimensions).Select(_ => (float)random.NextDouble(-1, 1))];
        var count = FeatureProducts.TileRows + 50;
        var set = new FeatureSet(features, dimensions, new int[count], new int[count]);
        var rows = new FeatureRows((set, [.. Enumerable.Range(0, count)], "image"));
        var panel = new float[dimensions * FeatureProducts.TileColumns];
        Array.Fill(panel, float.NaN);
        FeatureProducts.Pack(rows, FeatureProducts.TileRows, 50, panel);

        var wide = new double[FeatureProducts.TileRows * FeatureProducts.TileColumns];
        var narrow = new double[wide.Length];
        fixed (float* q = features, x = panel)
        fixed (double* w = wide, n = narrow)
        {
            FeatureProducts.AddTile512(q, q + dimensions, q + (2 * dimensions), q + (3 * dimensions), x, dimensions, w, FeatureProducts.TileColumns);
            for (var column = 0; column < FeatureProducts.TileColumns; column += 16)
            {
                FeatureProducts.AddTile256(q, q + dimensions, q + (2 * dimensions), q + (3 * dimensions), x + column, dimensions, n + column, FeatureProducts.TileColumns);
            }
        }

        for (var row = 0; row < FeatureProducts.TileRows; row++)
        {
            for (var column = 0; column < FeatureProducts.TileColumns; column++)
            {
                var expected = column < 50 ? FeatureProducts.Dot(rows[row], rows[FeatureProducts.TileRows + column]) : 0;
                Assert.Equal(expected, wide[(row * FeatureProducts.TileColumns) + column]);
                Assert.Equal(expected, narrow[(row * FeatureProducts.TileColumns) + column]);
            }
        }
    }

    [Fact]
    public void Dot_OfManyDimensions_IsNearTheExactProduct()
    {
        var random = new SeededRandom(9);
        float[] a = [.. Enumerable.Range(0, 2048).Select(_ => (float)random.NextDouble(-1, 1))];
        float[] b = [.. Enumerable.Range(0, 2048).Select(_ => (float)random.NextDouble(-1, 1))];
        var exact = a.Zip(b, (x, y) => (double)x * y).Sum();

        Assert.Equal(exact, FeatureProducts.Dot(a, b), 2e-6 * Math.Sqrt(FeatureProducts.Dot(a, a) * FeatureProducts.Dot(b, b)));
        Assert.NotEqual(exact, FeatureProducts.Dot(a, b)); // single precision inside a chunk
    }
}
