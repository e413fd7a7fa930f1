using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Tests.Adapters;

public sealed class EmbeddingsRequestTests
{
    [Theory]
    [InlineData("""{"model":"m","input":"x"}""", 1, 0, false)]
    [InlineData("""{"model":"m","input":["x","[1]"],"encoding_format":"base64"}""", 2, 0, true)]
    [InlineData("""{"model":"m","input":[1,2,3],"encoding_format":"float","dimensions":null}""", 1, 3, false)]
    [InlineData("""{"model":"m","input":[[1,2],[3]],"encoding_format":null}""", 2, 3, false)]
    public void A_request_is_read_for_what_it_asks(string body, int inputs, int tokenIds, bool asBase64)
    {
        var shape = EmbeddingsShape.Read(Encoding.UTF8.GetBytes(body), out var fault)!;

        Assert.Equal((null, inputs, tokenIds, asBase64), (fault, shape.Inputs, shape.TokenIds, shape.AsBase64));
        Assert.Equal(body.Replace("\"m\"", "\"a\\u0022b@delay=5ms\"", StringComparison.Ordinal), Applied(body, "a\"b@delay=5ms"));
    }

    [Theory]
    [InlineData("[]", "body")]
    [InlineData("{\"model\":\"m\",\"input\":\"x\"", "body")]
    [InlineData("""{"input":"x"}""", "model")]
    [InlineData("""{"model":7,"input":"x"}""", "model")]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":[]}""", "input")]
    [InlineData("""{"model":"m","input":null}""", "input")]
    [InlineData("""{"model":"m","input":["x",1]}""", "input")]
    [InlineData("""{"model":"m","input":[[1],"x"]}""", "input")]
    [InlineData("""{"model":"m","input":[["x"]]}""", "input")]
    [InlineData("""{"model":"m","input":{}}""", "input")]
    [InlineData("""{"model":"m","input":"x","encoding_format":"hex"}""", "encoding_format")]
    [InlineData("""{"model":"m","input":"x","dimensions":1.5}""", "dimensions")]
    public void A_member_at_fault_is_named(string body, string member)
    {
        Assert.Null(EmbeddingsShape.Read(Encoding.UTF8.GetBytes(body), out var fault));
        Assert.Equal(member, fault);
    }

    [Theory]
    [InlineData("", "\"encoding_format\":\"base64\",", "")]
    [InlineData(",\"encoding_format\":\"float\"", "", ",\"encoding_format\":\"base64\"")]
    [InlineData(",\"encoding_format\":null", "", ",\"encoding_format\":\"base64\"")]
    [InlineData(",\"encoding_format\":\"base64\"", "", ",\"encoding_format\":\"base64\"")]
    public void Many_vectors_are_asked_for_as_base64(string asked, string before, string behind)
    {
        var many = string.Join(',', Enumerable.Repeat("\"x\"", 2_048));

        Assert.Equal($$"""{{{before}}"model":"up","input":[{{many}}]{{behind}}}""", Applied($$"""{"model":"m","input":[{{many}}]{{asked}}}""", "up"));
    }

    [Theory]
    [InlineData("人工智能", "embedding-v1", "wenxin", 3)]
    [InlineData("Hello, world!", "text-embedding-3-small", "openai", 4)]
    public void Texts_are_counted_as_the_model_counts(string text, string model, string provider, int tokens) =>
        Assert.Equal(3 * tokens, Call(JsonSerializer.Serialize(Enumerable.Repeat(text, 3))).CountPrompt(provider, model));

    [Fact]
    public void Ids_of_tokens_count_themselves() => Assert.Equal(5, Call("[[1,2,3],[4,5]]").CountPrompt("openai", "text-embedding-3-small"));

    [Theory]
    [InlineData("embedding-v1", """{"input":["a","世界"],"user_id":"u"}""", """{"model":"embedding-v1","input":["a","世界"],"user":"u"}""")]
    [InlineData("BGE_large_zh", """{"input":["a","世界"],"user_id":"u"}""", """{"model":"bge-large-zh","input":["a","世界"],"user":"u"}""")]
    [InlineData("my-own", """{"input":["a","世界"],"user_id":"u"}""", """{"model":"my-own","input":["a","世界"],"user":"u"}""")]
    public void Wenxin_gets_a_list_of_texts_and_no_word_on_the_encoding(string upstream, string v1, string v2)
    {
        var call = Call("""["a","\u4e16\u754c"]""", ",\"encoding_format\":\"base64\",\"user\":\"u\",\"new\":1");

        Assert.Equal((v1, v2), (Encoding.UTF8.GetString(EmbeddingsRequest.WriteV1(call, upstream).Span), Encoding.UTF8.GetString(EmbeddingsRequest.WriteV2(call, upstream).Span)));
    }

    [Fact]
    public void Wenxin_takes_its_own_length_of_vectors_as_many_texts_as_it_may_and_as_many_characters()
    {
        var call = Call(JsonSerializer.Serialize(Enumerable.Repeat(string.Concat(Enumerable.Repeat("😀", 1_000)), 16)), ",\"dimensions\":384");

        Assert.False(EmbeddingsRequest.WriteV1(call, "embedding-v1").IsEmpty);
        Assert.False(EmbeddingsRequest.WriteV2(call, "embedding-v1").IsEmpty);
    }

    [Theory]
    [InlineData("embedding-v1", 17, 1, "", "input", "must have at most 16 texts for this model, and has 17. Send the rest in further calls.", "invalid_value")]
    [InlineData("tao-8k", 2, 1, "", "input", "must have at most 1 text for this model, and has 2. Send the rest in further calls.", "invalid_value")]
    [InlineData("embedding-v1", 2, 1_001, "", "input[0]", "must have at most 1000 characters for this model, and has 1001. Split it.", "context_length_exceeded")]
    [InlineData("embedding-v1", 1, 1, ",\"dimensions\":256", "dimensions", "cannot be chosen: the vectors of this model always have 384 dimensions. Leave it out.", "invalid_value")]
    [InlineData("my-own", 1, 1, ",\"dimensions\":256", "dimensions", "cannot be chosen: the vectors of this model have a length of their own. Leave it out.", "invalid_value")]
    public void What_Wenxin_cannot_do_is_refused_by_name_with_its_limit(string upstream, int inputs, int length, string members, string param, string message, string code)
    {
        var call = Call(JsonSerializer.Serialize(Enumerable.Repeat(new string('x', length), inputs)), members);

        foreach (var write in new Func<OpenAiEmbeddings, string, ReadOnlyMemory<byte>>[] { EmbeddingsRequest.WriteV1, EmbeddingsRequest.WriteV2 })
        {
            var refused = Assert.Throws<UntranslatableException>(() => { write(call, upstream); });
            Assert.Equal((param, message, code), (refused.Param, refused.Message, refused.Code));
        }
    }

    [Fact]
    public void Wenxin_reads_no_ids_of_tokens_and_has_no_embeddings_of_chat_models()
    {
        Assert.Equal("input", Assert.Throws<UntranslatableException>(() => { EmbeddingsRequest.WriteV2(Call("[1,2]"), "embedding-v1"); }).Param);
        Assert.Equal("model", Assert.Throws<UntranslatableException>(() => { EmbeddingsRequest.WriteV1(Call("\"x\""), "ernie-bot-4@delay=1ms"); }).Param);
    }

    private static string Applied(string body, string upstream)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return string.Concat(EmbeddingsShape.Read(bytes, out _)!.Apply(bytes, upstream).Select(piece => Encoding.UTF8.GetString(piece.Span)));
    }

    private static OpenAiEmbeddings Call(string input, string members = "")
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","input":{{input}}{{members}}}""");
        return new OpenAiEmbeddings(body, EmbeddingsShape.Read(body, out _)!);
    }
}
