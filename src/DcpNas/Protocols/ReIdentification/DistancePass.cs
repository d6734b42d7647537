namespace DcpNas.Protocols.ReIdentification;

/// <summary>Computes the distances from rows to columns block by block, so that they never lie in memory all at once.</summary>
/// <param name="rows">The rows, for example queries.</param>
/// <param name="columns">The columns, for example a gallery.</param>
/// <param name="options">Distance, threads and size of a block.</param>
internal sealed class DistancePass(FeatureRows rows, FeatureRows columns, ReIdentificationOptions options)
{
    private const int CacheBytes = 1 << 19;

    /// <summary>Goes through all pairs once.</summary>
    /// <param name="chosen">The rows to go through.</param>
    /// <param name="createSink">Makes the sink of a thread.</param>
    /// <param name="cancellation">Ends the pass between blocks.</param>
    /// <returns>The sinks, in no particular order.</returns>
    public IReadOnlyList<TSink> Run<TSink>(IReadOnlyList<int> chosen, Func<TSink> createSink, CancellationToken cancellation)
        where TSink : IDistanceSink
    {
        var panels = PanelsOfABlock();
        var block = panels * FeatureProducts.TileColumns;
        var blocks = (columns.Count + block - 1) / block;
        var threads = Math.Clamp(options.Threads == 0 ? Environment.ProcessorCount : options.Threads, 1, Math.Max(1, blocks));
        var sinks = new TSink[threads];
        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, thread =>
        {
            sinks[thread] = createSink();
            var packed = new float[panels * FeatureProducts.TileColumns * rows.Dimensions];
            var products = new double[FeatureProducts.TileRows * block];
            for (var at = Interlocked.Increment(ref next); at < blocks; at = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                Block(chosen, at * block, Math.Min(block, columns.Count - (at * block)), packed, products, sinks[thread]);
            }
        });
        return sinks;
    }

    private int PanelsOfABlock()
    {
        var columnsOfABlock = options.GalleryBlock > 0 ? options.GalleryBlock : Math.Min(512, CacheBytes / sizeof(float) / rows.Dimensions);
        return Math.Clamp((columnsOfABlock + FeatureProducts.TileColumns - 1) / FeatureProducts.TileColumns, 1, Math.Max(1, (columns.Count + FeatureProducts.TileColumns - 1) / FeatureProducts.TileColumns));
    }

    private void Block<TSink>(IReadOnlyList<int> chosen, int first, int count, float[] packed, double[] products, TSink sink)
        where TSink : IDistanceSink
    {
        var panelSize = FeatureProducts.TileColumns * rows.Dimensions;
        var panels = (count + FeatureProducts.TileColumns - 1) / FeatureProducts.TileColumns;
        for (var panel = 0; panel < panels; panel++)
        {
            var column = panel * FeatureProducts.TileColumns;
            FeatureProducts.Pack(columns, first + column, Math.Min(FeatureProducts.TileColumns, count - column), packed.AsSpan(panel * panelSize, panelSize));
        }

        var stride = panels * FeatureProducts.TileColumns;
        for (var at = 0; at < chosen.Count; at += FeatureProducts.TileRows)
        {
            var here = Math.Min(FeatureProducts.TileRows, chosen.Count - at);
            Multiply(chosen, at, packed, panels, products);
            for (var i = 0; i < here; i++)
            {
                var row = chosen[at + i];
                var distances = products.AsSpan(i * stride, count);
                Measure(row, first, distances);
                sink.Take(at + i, first, distances);
            }
        }
    }

    private unsafe void Multiply(IReadOnlyList<int> chosen, int at, float[] packed, int panels, double[] products)
    {
        var stride = panels * FeatureProducts.TileColumns;
        Array.Clear(products, 0, FeatureProducts.TileRows * stride);
        var last = chosen.Count - 1;
        fixed (float* q0 = rows[chosen[at]], q1 = rows[chosen[Math.Min(at + 1, last)]], q2 = rows[chosen[Math.Min(at + 2, last)]], q3 = rows[chosen[Math.Min(at + 3, last)]], x = packed)
        fixed (double* sums = products)
        {
            for (var start = 0; start < rows.Dimensions; start += FeatureProducts.Chunk)
            {
                var dimensions = Math.Min(FeatureProducts.Chunk, rows.Dimensions - start);
                for (var panel = 0; panel < panels; panel++)
                {
                    FeatureProducts.AddTile(
                        q0 + start,
                        q1 + start,
                        q2 + start,
                        q3 + start,
                        x + ((((long)panel * rows.Dimensions) + start) * FeatureProducts.TileColumns),
                        dimensions,
                        sums + (panel * FeatureProducts.TileColumns),
                        stride);
                }
            }
        }
    }

    /// <summary>Turns products into distances, by the expressions of <see cref="FeatureRows.Distance(FeatureDistance, FeatureRows, int, FeatureRows, int, double)"/>.</summary>
    private void Measure(int row, int first, Span<double> values)
    {
        if (options.Distance == FeatureDistance.SquaredEuclidean)
        {
            var own = rows.SquaredLengths[row];
            var others = columns.SquaredLengths.AsSpan(first, values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = own + others[i] - (2 * values[i]);
            }

            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = FeatureRows.Distance(options.Distance, rows, row, columns, first + i, values[i]);
        }
    }
}
