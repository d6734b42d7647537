namespace DcpNas.Export;

/// <summary>Takes in a network layer by layer, in the order in which it runs, and writes it in some format.</summary>
/// <remarks>Names are paths of layers in the network; they are unique, and the name of a value is that of the layer that makes it.</remarks>
/// <typeparam name="T">A value of the graph that is written.</typeparam>
internal interface INetworkEmitter<T>
    where T : class
{
    /// <summary>The normalised image.</summary>
    T Image { get; }

    /// <summary><c>sign(norm(x))</c> or <c>sign(x + shift)</c>, of what is there; <c>sign(0) = +1</c>.</summary>
    T Signs(string name, T input, ChannelNorm? norm, float[]? shift);

    /// <summary><c>norm(x)</c>.</summary>
    T Normalize(string name, T input, ChannelNorm norm);

    /// <summary><c>norm(filter * x)</c> and its ending.</summary>
    T Convolve(string name, T input, Filter filter, ChannelNorm norm, FusedEpilogue<T> ending);

    /// <summary><c>sign(prelu(norm(filter * x)))</c>.</summary>
    T ConvolveToSigns(string name, T input, Filter filter, ChannelNorm norm, float[] slope);

    /// <summary>A factorised reduce, normalised: two 1x1 convolutions of stride 2, the second shifted by a pixel, side by side.</summary>
    T Reduce(string name, T input, Filter even, Filter odd, ChannelNorm norm, float[]? slope);

    /// <summary>The 3x3 maximum or mean with padding 1; pixels outside of the image are not counted.</summary>
    T Pool(string name, T input, bool maximum, int stride);

    /// <summary>The 2x2 mean of stride 2; odd sizes are rounded up, the last window then being smaller.</summary>
    T Halve(string name, T input);

    /// <summary>The sum of two values.</summary>
    T Add(string name, T left, T right);

    /// <summary>Channels side by side.</summary>
    T Concat(string name, IReadOnlyList<T> inputs);

    /// <summary><c>max(x, 0)</c>.</summary>
    T Relu(string name, T input);

    /// <summary>x limited to [-1, 1].</summary>
    T Clip(string name, T input);

    /// <summary>The mean of each channel, and on it a linear classifier: the outputs.</summary>
    /// <param name="map">The last map.</param>
    /// <param name="weight"><c>[classes][channels]</c>.</param>
    /// <param name="bias">One per class.</param>
    void Classify(T map, float[] weight, float[] bias);

    /// <summary>A real 1x1 convolution with a bias: a last layer of a detector.</summary>
    T Predict(string name, T input, Filter filter, float[] bias);

    /// <summary>The scores and the codes of every level of a detector: the outputs.</summary>
    /// <param name="scores">Maps of <paramref name="numbers"/> channels for each anchor, finest first.</param>
    /// <param name="codes">Maps of 4 channels for each anchor, likewise.</param>
    /// <param name="numbers">Scores of an anchor: the classes and the background.</param>
    void Detect(IReadOnlyList<T> scores, IReadOnlyList<T> codes, int numbers);

    /// <summary>The mean of each channel, normalised: the embedding, which is the output.</summary>
    /// <param name="map">The last map.</param>
    /// <param name="neck">The normalisation.</param>
    void Embed(T map, ChannelNorm neck);
}
