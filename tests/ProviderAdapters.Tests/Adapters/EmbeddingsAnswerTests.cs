using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Adapters;

public sealed class EmbeddingsAnswerTests
{
    private static readonly TokenCounts Claimed = new(3, 0);

    [Theory]
    [InlineData("float", """{ "object" : "list", "data":[{"object":"embedding","index":0,"embedding":[ 0.25 , -1.00,1e-3 ]}], "model":"up","usage":{"prompt_tokens":3,"total_tokens":3,"x":{}} }""")]
    [InlineData("base64", """{"object":"list","data":[{"embedding":"AACAPgAAgL8=","index":0,"object":"embedding"}],"model":"up","usage":{"total_tokens":3,"prompt_tokens":3},"new":[1]}""")]
    [InlineData("base64", """{"object":"list","data":[{"embedding":"AACAPg\/\/f38=","index":0}],"model":"up","usage":{"total_tokens":3,"prompt_tokens":3}}""")]
    public void An_answer_in_the_asked_encoding_passes_byte_for_byte(string encoding, string body) => Assert.Equal(body, Complete(body, encoding, Claimed));

    [Fact]
    public void Numbers_become_base64_of_little_endian_floats_and_back()
    {
        const string Numbers = """{"object":"list","data":[{"index":0,"embedding":[0.25,-1]}],"model":"up","usage":{"prompt_tokens":3,"total_tokens":3}}""";
        const string Base64 = """{"object":"list","data":[{"index":0,"embedding":"AACAPgAAgL8="}],"model":"up","usage":{"prompt_tokens":3,"total_tokens":3}}""";

        Assert.Equal(Base64, Complete(Numbers, "base64", Claimed));
        Assert.Equal(Numbers, Complete(Base64, "float", Claimed));
        Assert.Equal(Numbers, Complete(Base64.Replace("AACAPgAAgL8=", "AACAPgAAgL8\\u003d", StringComparison.Ordinal), "float", Claimed));
    }

    [Fact]
    public void Every_finite_float_keeps_its_bits_both_ways() => Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).NonEmptyListOf().ToArbitrary(), drawn =>
    {
        var floats = drawn.Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite).Concat([0f, -0f, float.Epsilon, float.MaxValue, -float.MaxValue]).ToArray();
        var numbers = TestEmbeddings.Body(TestEmbeddings.Usage(3), $"[{string.Join(',', floats.Select(number => number.ToString(CultureInfo.InvariantCulture)))}]");

        var base64 = Complete(numbers, "base64", Claimed);

        Assert.Equal(floats.Select(BitConverter.SingleToInt32Bits), Bits(base64));
        Assert.Equal(numbers, Complete(base64, "float", Claimed));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(3, false, """{"prompt_tokens":3,"total_tokens":3}""", """{"prompt_tokens":3,"total_tokens":3}""")]
    [InlineData(3, false, """{"prompt_tokens":3,"total_tokens":9}""", """{"prompt_tokens":3,"total_tokens":3}""")]
    [InlineData(3, false, """{"prompt_tokens":3}""", """{"prompt_tokens":3,"total_tokens":3}""")]
    [InlineData(7, true, """{"prompt_tokens":-3,"total_tokens":-3}""", """{"prompt_tokens":7,"total_tokens":7}""")]
    [InlineData(7, true, "null", """{"prompt_tokens":7,"total_tokens":7}""")]
    public void The_usage_that_is_shown_is_the_recorded_one(int recorded, bool isEstimated, string said, string shown) =>
        Assert.Equal(TestEmbeddings.Body(shown, "[1]"), Complete(TestEmbeddings.Body(said, "[1]"), "float", new TokenCounts(recorded, 0, 0, isEstimated)));

    [Fact]
    public void Baidus_words_become_OpenAIs()
    {
        const string Theirs = """{"id":"as-1","object":"embedding_list","created":1,"data":[{"object":"embedding","embedding":[0.25,-1],"index":0}]}""";

        Assert.Equal(
            """{"model":"embedding-v1","usage":{"prompt_tokens":7,"total_tokens":7},"id":"as-1","object":"list","created":1,"data":[{"object":"embedding","embedding":"AACAPgAAgL8=","index":0}]}""",
            Complete(Theirs, "base64", new TokenCounts(7, 0, 0, Estimated: true)));
    }

    [Fact]
    public void Any_change_of_an_answer_is_read_or_refused_and_what_is_written_is_JSON() => Prop.ForAll(
        Changed(TestEmbeddings.Body(TestEmbeddings.Usage(3), "[0.5,1]", "\"AACAPgAAgL8=\"")).ToArbitrary(),
        body =>
        {
            foreach (var encoding in new[] { "float", "base64" })
            {
                var answer = new EmbeddingsAnswer(Call(encoding, 2), "m");
                if (!answer.TryReadPlain(body) || answer.HasError) continue;
                using var written = JsonDocument.Parse(answer.Completion(body, answer, new TokenCounts(5, 0, 0, Estimated: true)));
                Assert.Equal(2, written.RootElement.GetProperty("data").GetArrayLength());
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_largest_answer_is_recoded_without_allocating_for_its_numbers()
    {
        // A tenth of 2,048 inputs of 3,072 dimensions: the rest would be more of the same.
        const int Inputs = 204;
        var vector = $"[{string.Join(',', Enumerable.Range(0, 3_072).Select(i => (0.01f / (i + 1)).ToString(CultureInfo.InvariantCulture)))}]";
        var body = Encoding.UTF8.GetBytes(TestEmbeddings.Body(TestEmbeddings.Usage(3), [.. Enumerable.Repeat(vector, Inputs)]));
        var answer = new EmbeddingsAnswer(Call("base64", Inputs), "m");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(answer.TryReadPlain(body));
        var written = answer.Completion(body, answer, Claimed);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 2.2 * written.Length + 100_000);
    }

    private static Gen<byte[]> Changed(string body) => Gen.OneOf(WireSamples.Replaced([body]), WireSamples.Damaged([body]));

    private static string Complete(string body, string encoding, TokenCounts tokens)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var answer = new EmbeddingsAnswer(Call(encoding, 1), "embedding-v1");
        Assert.True(answer.TryReadPlain(bytes), body);
        Assert.False(answer.HasError);
        return Encoding.UTF8.GetString(answer.Completion(bytes, answer, tokens).Span);
    }

    private static OpenAiEmbeddings Call(string encoding, int inputs)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","input":{{JsonSerializer.Serialize(Enumerable.Repeat("x", inputs))}},"encoding_format":"{{encoding}}"}""");
        return new OpenAiEmbeddings(body, EmbeddingsShape.Read(body, out _)!);
    }

    private static int[] Bits(string body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64().Chunk(4).Select(four => BinaryPrimitives.ReadInt32LittleEndian(four))];
    }
}
