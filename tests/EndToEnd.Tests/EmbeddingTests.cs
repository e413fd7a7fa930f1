using System.ClientModel;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.TestKit;
using OpenAI;
using OpenAI.Embeddings;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>Embeddings with the official .NET client, which asks for base64, from every provider that has them.</summary>
public sealed class EmbeddingTests(Suite suite)
{
    private static readonly string[] Inputs = ["Hello, world!", "你好，世界"];

    [Theory]
    [InlineData("text-embedding-3-small", 1_536)]
    [InlineData("text-embedding-3-large", 3_072)]
    [InlineData("text-embedding-ada-002", 1_536)]
    [InlineData("embedding-v1", 384)]
    [InlineData("bge-large-zh", 1_024)]
    public async Task Vectors_have_the_models_length_and_the_same_numbers_in_both_encodings_and_are_charged_by_the_input(string model, int length)
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);

        OpenAIEmbeddingCollection vectors = await ClientOf(model, key).GenerateEmbeddingsAsync(Inputs);
        var asNumbers = await AsNumbersAsync(model, key);

        Assert.Equal([length, length], vectors.Select(vector => vector.ToFloats().Length));
        Assert.Equal(asNumbers, vectors.Select(vector => vector.ToFloats().ToArray()));
        Assert.NotEqual(asNumbers[0], asNumbers[1]);
        Assert.InRange(vectors.Usage.InputTokenCount, 2, 20);

        // Two calls of a few tokens: the least that a call costs, twice, and nothing is held any more.
        await Eventually.Equal((10_000_000 - 20_000, 0), () => suite.PointsOfAsync(account));
        var charges = await suite.ChargesOfAsync(account);
        Assert.Equal(
            [(vectors.Usage.InputTokenCount, 0), (vectors.Usage.InputTokenCount, 0)],
            charges.Select(charge => charge.GetProperty("data")).Select(data => (data.GetProperty("inputTokens").GetInt32(), data.GetProperty("outputTokens").GetInt32())));
    }

    [Fact]
    public async Task Shorter_vectors_are_given_by_models_that_can_and_refused_for_those_that_cannot()
    {
        var (_, key) = await suite.CustomerAsync(10_000_000);
        var shorter = new EmbeddingGenerationOptions { Dimensions = 256 };

        OpenAIEmbedding vector = await ClientOf("text-embedding-3-small", key).GenerateEmbeddingAsync("Hello, world!", shorter);
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => ClientOf("embedding-v1", key).GenerateEmbeddingAsync("Hello, world!", shorter));

        Assert.Equal(256, vector.ToFloats().Length);
        Assert.Equal(400, refused.Status);
        Assert.Contains("384", refused.Message, StringComparison.Ordinal);
    }

    private EmbeddingClient ClientOf(string model, string key) => new(model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(suite.BaseUrl + "/v1") });

    private async Task<float[][]> AsNumbersAsync(string model, string key)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { DefaultRequestHeaders = { { "Authorization", $"Bearer {key}" } } };
        using var answer = await http.PostAsJsonAsync(suite.BaseUrl + "/v1/embeddings", new { model, input = Inputs });
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return [.. json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle()).ToArray())];
    }
}
